import { validateDistro } from '../generated/validators.js';
import type { BdeError } from '../errors/bde-error.js';
import { checkPart } from '../spec/document/check-document.js';
import { findingAt } from '../spec/document/finding.js';
import type { ParsedDocument } from '../spec/document/parse-document.js';
import type { DocumentPath } from '../spec/document/source-tree.js';
import type { JsonObject } from '../spec/json.js';
import { distroLabel, type Distro, type DistroPackages } from './distro.js';

/** A manifest as far as it holds; a broken entry is named in the findings and hides no other. */
export interface Manifest {
  /** In the order of the file; unique by name and version. */
  readonly distros: readonly Distro[];
  readonly findings: readonly BdeError[];
}

/** The distros of a manifest, BDE's entries as they were published and ours. Never throws for what the file holds. */
export function parseManifest(document: ParsedDocument): Manifest {
  if (!document.wellFormed) return { distros: [], findings: document.errors };
  if (!Array.isArray(document.value)) return { distros: [], findings: [notAList(document)] };
  const entries = document.value.map((value: unknown, index) => readEntry(document, value as RawDistro, index));
  const distros = entries.flatMap(({ distro }) => distro ?? []);
  const unique = distros.filter((distro, index) => index === firstOfLabel(distros, distro));
  return {
    distros: unique,
    findings: [...document.errors, ...entries.flatMap(({ findings }) => findings), ...findTwins(document, distros)],
  };
}

interface RawDistro {
  readonly name: string;
  readonly vendor?: string;
  readonly version?: string;
  readonly hveSupported?: boolean;
  readonly packages: readonly {
    readonly roles: readonly string[];
    readonly tarball?: string;
    readonly package_repos?: readonly string[];
  }[];
  readonly cookbooks?: readonly string[];
  readonly repos?: readonly string[];
  readonly attributes?: JsonObject;
  readonly acceptance?: readonly string[];
}

function readEntry(document: ParsedDocument, raw: RawDistro, index: number) {
  const findings = checkPart(document, [index], validateDistro);
  if (findings.length > 0) return { findings, distro: undefined };
  const broken = checkSources(document, raw, index);
  return { findings: broken, distro: broken.length === 0 ? toDistro(raw, document.file) : undefined };
}

function toDistro(raw: RawDistro, file: string): Distro {
  const packages = raw.packages.map(toPackages);
  return {
    name: raw.name,
    vendor: raw.vendor ?? raw.name,
    version: raw.version ?? '',
    hveSupported: raw.hveSupported ?? false,
    packages,
    roles: [...new Set(packages.flatMap(({ roles }) => roles))],
    cookbooks: raw.cookbooks ?? null,
    repos: raw.repos ?? [...new Set(packages.flatMap(({ packageRepos }) => packageRepos.map(repoNameOf)))],
    attributes: raw.attributes ?? {},
    acceptance: raw.acceptance ?? null,
    file,
  };
}

function toPackages({ roles, tarball, package_repos }: RawDistro['packages'][number]): DistroPackages {
  return { roles, tarball: tarball ?? null, packageRepos: package_repos ?? [] };
}

/** `https://0.0.0.0/yum/acme.repo` → `acme` */
function repoNameOf(url: string): string {
  return url
    .replace(/[?#].*$/s, '')
    .replace(/^.*\//s, '')
    .replace(/\.repo$/, '');
}

/** BDE's rule: tarballs or package repos over the whole distro; with `repos` of ours neither is needed. */
function checkSources(document: ParsedDocument, raw: RawDistro, index: number): readonly BdeError[] {
  const report = (path: DocumentPath, message: string, hint: string) =>
    findingAt({ document, path: [index, ...path] }, { code: 'FIELD_INVALID', message, hint });
  const tarballs = raw.packages.some(({ tarball }) => tarball !== undefined);
  const repos = raw.packages.some(({ package_repos }) => package_repos !== undefined);
  if (tarballs && repos) {
    return [report(['packages'], `distro ${raw.name} has both tarballs and package_repos`, 'Keep one of the two.')];
  }
  if (tarballs || repos || raw.repos !== undefined) return [];
  const hint = 'Name folders of repos/ in "repos" ([] where no packages are needed).';
  return [report(['packages'], `distro ${raw.name} says nowhere where its packages come from`, hint)];
}

function firstOfLabel(distros: readonly Distro[], distro: Distro): number {
  return distros.findIndex((other) => distroLabel(other).toLowerCase() === distroLabel(distro).toLowerCase());
}

function findTwins(document: ParsedDocument, distros: readonly Distro[]): readonly BdeError[] {
  const twins = distros.filter((distro, index) => index !== firstOfLabel(distros, distro));
  return twins.map((twin) =>
    findingAt(
      { document, path: [positionOfTwin(document.value as readonly RawDistro[], twin), 'name'] },
      {
        code: 'FIELD_INVALID',
        message: `distro ${distroLabel(twin)} is there twice; the first one counts`,
        hint: 'Give it another name or version.',
      },
    ),
  );
}

function positionOfTwin(entries: readonly RawDistro[], twin: Distro): number {
  return entries.findLastIndex((raw) => raw.name === twin.name && (raw.version ?? '') === twin.version);
}

function notAList(document: ParsedDocument): BdeError {
  return findingAt({ document, path: [] }, { code: 'FIELD_INVALID', message: 'the manifest is no list of distros' });
}
