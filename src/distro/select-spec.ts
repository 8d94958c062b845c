import { BdeError } from '../errors/bde-error.js';
import { didYouMean } from '../spec/document/nearest-name.js';
import { quoteText } from '../spec/document/quote-source.js';
import { distroLabel, sameVendor, type Distro } from './distro.js';
import type { SpecMapEntry } from './spec-map.js';

/**
 * The spec that `vendor/flavour` means, for a distro where one is chosen.
 *
 * @throws BdeError `SPEC_UNKNOWN` when none fits (lists what exists) or several do (lists those)
 */
export function selectSpec(entries: readonly SpecMapEntry[], label: string, distro?: Distro): SpecMapEntry {
  const named = entriesNamed(entries, label);
  const fitting = distro === undefined ? named : named.filter((entry) => fitsDistro(entry, distro));
  const [first, ...others] = fitting;
  if (first === undefined) throw unfit(named, label, distro);
  if (others.length > 0) throw ambiguous(fitting, label);
  return first;
}

/**
 * Every entry that `vendor/flavour` names, whatever its versions; never empty.
 *
 * @throws BdeError `SPEC_UNKNOWN`
 */
export function entriesNamed(entries: readonly SpecMapEntry[], label: string): readonly SpecMapEntry[] {
  const named = entries.filter((entry) => sameVendor(specLabelOf(entry), label));
  if (named.length === 0) throw unknownSpec(entries, label);
  return named;
}

/** `vendor/flavour`, in lower case: the name that people use. */
export function specLabelOf(entry: SpecMapEntry): string {
  return `${entry.vendor}/${entry.flavour}`.toLowerCase();
}

/** True where the vendor is the same and the pattern matches the whole version. */
export function fitsDistro(entry: SpecMapEntry, distro: Distro): boolean {
  return sameVendor(entry.vendor, distro.vendor) && new RegExp(`^(?:${entry.version})$`, 'u').test(distro.version);
}

function unknownSpec(entries: readonly SpecMapEntry[], label: string): BdeError {
  const labels = [...new Set(entries.map(specLabelOf))].sort();
  const there = labels.length === 0 ? 'the map has none' : `there are ${labels.join(', ')}`;
  return new BdeError('SPEC_UNKNOWN', `no spec is called ${quoteText(label)}; ${there}${didYouMean(label, labels)}`, {
    hint: 'Name one of these, or the path of a spec file (ending in .json, .yaml or .yml).',
  });
}

function unfit(named: readonly SpecMapEntry[], label: string, distro: Distro | undefined): BdeError {
  const wanted = named.map(({ vendor, version }) => `${vendor} ${version}`).join(' or ');
  const given = distro === undefined ? 'no distro' : `distro ${distroLabel(distro)} of vendor ${distro.vendor}`;
  return new BdeError('SPEC_UNKNOWN', `spec ${label} is for ${wanted}, not for ${given}`, {
    hint: 'Choose another distro with --distro, or another spec; "bde distro list" shows them.',
  });
}

function ambiguous(fitting: readonly SpecMapEntry[], label: string): BdeError {
  const paths = fitting
    .map(({ path, version, appManager }) => `${path} (version ${version}, ${appManager})`)
    .join(', ');
  return new BdeError('SPEC_UNKNOWN', `${fitting.length} specs are called ${quoteText(label)}: ${paths}`, {
    hint: 'Choose the distro with --distro, or name the path of the spec file.',
  });
}
