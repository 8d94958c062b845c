import { BdeError } from '../errors/bde-error.js';
import { didYouMean } from '../spec/document/nearest-name.js';
import { quoteText } from '../spec/document/quote-source.js';
import { distroLabel, sameVendor, type Distro } from './distro.js';
import type { Manifest } from './parse-manifest.js';
import { entriesNamed, fitsDistro, selectSpec } from './select-spec.js';
import type { SpecMapEntry } from './spec-map.js';

/**
 * The distro that `NAME` or `NAME@VERSION` means; names are compared without regard to upper and lower case.
 *
 * @throws BdeError `DISTRO_UNKNOWN` for none or several; entries that could not be read are its failures
 */
export function selectDistro(manifest: Manifest, label: string): Distro {
  const wanted = label.toLowerCase();
  const found = manifest.distros.filter(
    (distro) => distro.name.toLowerCase() === wanted || distroLabel(distro).toLowerCase() === wanted,
  );
  const [first, ...others] = found;
  if (first === undefined) throw unknown(manifest, `no distro is called ${quoteText(label)}`, label);
  if (others.length > 0) throw several(found, `${found.length} distros are called ${quoteText(label)}`);
  return first;
}

/**
 * The spec and the distro that `--spec vendor/flavour` and `--distro` (where given) mean together.
 *
 * @throws BdeError `SPEC_UNKNOWN`, `DISTRO_UNKNOWN`
 */
export function selectSpecAndDistro(
  { manifest, entries }: { readonly manifest: Manifest; readonly entries: readonly SpecMapEntry[] },
  spec: string,
  distro: string | undefined,
): { readonly entry: SpecMapEntry; readonly distro: Distro } {
  const named = entriesNamed(entries, spec);
  const chosen = distro === undefined ? distroForEntries(manifest, named) : selectDistro(manifest, distro);
  return { entry: selectSpec(entries, spec, chosen), distro: chosen };
}

/**
 * The distro for a spec of the map, where nobody named one: the only one of the vendor whose version fits.
 *
 * @throws BdeError `DISTRO_UNKNOWN` for none or several
 */
export function distroForEntries(manifest: Manifest, entries: readonly SpecMapEntry[]): Distro {
  const fitting = manifest.distros.filter((distro) => entries.some((entry) => fitsDistro(entry, distro)));
  const wanted = entries.map(({ vendor, version }) => `${vendor} ${version}`).join(' or ');
  const [first, ...others] = fitting;
  if (first === undefined) throw unknown(manifest, `no distro fits ${wanted}`, '');
  if (others.length > 0) throw several(fitting, `${fitting.length} distros fit ${wanted}`);
  return first;
}

/**
 * The distro for a spec that names none: the only one that offers all its roles.
 *
 * @throws BdeError `DISTRO_UNKNOWN` for none or several
 */
export function distroForRoles(manifest: Manifest, roles: readonly string[]): Distro {
  const fitting = manifest.distros.filter((distro) => roles.every((role) => distro.roles.includes(role)));
  const [first, ...others] = fitting;
  if (first === undefined) throw unknown(manifest, `no distro offers all roles of the spec: ${roles.join(', ')}`, '');
  if (others.length > 0) throw several(fitting, `${fitting.length} distros offer all roles of the spec`);
  return first;
}

/** All distros of a vendor, in the order of the manifest. */
export function distrosOfVendor(manifest: Manifest, vendor: string): readonly Distro[] {
  return manifest.distros.filter((distro) => sameVendor(distro.vendor, vendor));
}

function unknown({ distros, findings }: Manifest, message: string, label: string): BdeError {
  const labels = distros.map(distroLabel);
  const names = [...distros.map(({ name }) => name), ...labels];
  const broken = findings.length === 0 ? '' : `, and the manifest has broken places`;
  const there = labels.length === 0 ? 'the manifest has none' : `there are ${labels.join(', ')}`;
  return new BdeError('DISTRO_UNKNOWN', `${message}; ${there}${broken}${didYouMean(label, names)}`, {
    hint: 'Name one of these with --distro NAME or NAME@VERSION, or add it to distros/manifest.json or a manifest of your own (--distros DIR).',
    failures: findings,
  });
}

function several(distros: readonly Distro[], message: string): BdeError {
  return new BdeError('DISTRO_UNKNOWN', `${message}: ${distros.map(distroLabel).join(', ')}`, {
    hint: 'Name one of them with --distro NAME@VERSION.',
  });
}
