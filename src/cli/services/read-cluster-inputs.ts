import { join } from 'node:path';
import type { Secret } from '../../errors/secret.js';
import { BdeError } from '../../errors/bde-error.js';
import { checkAttributes } from '../../cookbook/check-attributes.js';
import { checkConfiguration } from '../../cookbook/check-configuration.js';
import type { Cookbook } from '../../cookbook/cookbook.js';
import type { CookbookSource, Role } from '../../cookbook/types.js';
import { findRetired } from '../../distro/retired-roles.js';
import { distroForRoles, selectDistro, selectSpecAndDistro } from '../../distro/select-distro.js';
import { distroLabel, type Distro } from '../../distro/distro.js';
import type { SpecMapEntry } from '../../distro/spec-map.js';
import { parseCookbooks } from '../../engine/parse-cookbooks.js';
import { takeSecretsOut } from '../../engine/take-secrets-out.js';
import { withoutTakenSecrets } from '../../engine/without-taken-secrets.js';
import { BASE_ROLE } from '../../engine/desired-state.js';
import type { DistroInputs, PinnedSource } from '../../engine/pins.js';
import { readCookbooks } from '../../files/read-cookbooks.js';
import { readText, type TextFile } from '../../files/read-text.js';
import { readMappedSpec } from '../../files/read-trees.js';
import { clusterNameAfter, parseClusterName } from '../../spec/cluster-name.js';
import type { ClusterSpec } from '../../spec/cluster-spec.js';
import { throwFindings } from '../../spec/document/finding.js';
import { parseDocument } from '../../spec/document/parse-document.js';
import { overrideDocument } from '../../spec/override-document.js';
import { parseClusterSpec, type ReadSpec } from '../../spec/parse-cluster-spec.js';
import { printClusterSpec } from '../../spec/print-cluster-spec.js';
import { resolveCluster } from '../../spec/resolve-cluster.js';
import type { ResolvedCluster } from '../../spec/resolved-cluster.js';
import { bdeVersion } from '../bde-version.js';
import { openProvider } from '../wire.js';
import { findDataFolders, type DataRequest } from './find-data-folders.js';
import { applySite } from './read-site-file.js';
import { isSpecFile, readCatalogue, type Catalogue } from './read-catalogue.js';

/** What names a cluster's inputs on the command line. */
export interface ClusterInputsRequest extends Partial<Omit<DataRequest, 'site'>> {
  readonly name: string | undefined;
  /** `vendor/flavour` or a file; or a spec that was pinned. */
  readonly spec: string | PinnedSource;
  readonly distro: string | undefined;
  /** The distro that a cluster has already: it keeps it unless the command or the spec names one. */
  readonly keptDistro?: string;
  /** As the site file or `--provider` calls it; undefined: the site's default. */
  readonly provider: string | undefined;
  /** Path of the site file; undefined: the default places. */
  readonly site: string | undefined;
  /** `PATH=VALUE`, in order. */
  readonly overrides: readonly string[];
}

/** All that a cluster is made from, read from the working tree and resolved. */
export interface ClusterInputs {
  readonly source: PinnedSource;
  readonly resolved: ResolvedCluster;
  readonly distro: DistroInputs;
  readonly cookbooks: readonly CookbookSource[];
  readonly roles: ReadonlyMap<string, Role>;
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly warnings: readonly string[];
}

/**
 * Reads spec, map, manifest and cookbooks, and resolves them.
 *
 * @throws BdeError of exit code 3 for anything in a file, 2 for a name on the command line
 */
export async function readClusterInputs(request: ClusterInputsRequest, projectRoot: string): Promise<ClusterInputs> {
  const { cookbooks: own = [], distros = [], repos = [], site: siteFile } = request;
  const folders = await findDataFolders({ cookbooks: own, distros, repos, site: siteFile }, projectRoot);
  const catalogue = await readCatalogue(folders);
  const label = typeof request.spec === 'string' ? request.spec : request.spec.label;
  const { file, entry, distro: mapped } = await findSpec(request, projectRoot, catalogue);
  const read = parseClusterSpec(overrideDocument(parseDocument(file.text, file.path), request.overrides));
  const allSources = await readCookbooks(folders.cookbooks);
  const { provider } = await openProvider({ name: request.provider, site: request.site });
  const site = applySite(folders.site, request.provider, provider.describe());
  const resolve = (distro: DistroName, roles: ReadonlyMap<string, Role>): ResolvedCluster =>
    resolveCluster({
      name: parseClusterName(request.name ?? read.spec.name ?? clusterNameAfter(label)),
      spec: read.spec,
      specWarnings: read.warnings,
      source: read.source,
      specLabel: label,
      distro,
      ...(entry?.appManager === undefined ? {} : { appManager: entry.appManager }),
      baseRoles: [BASE_ROLE],
      roles,
      retired: (role) => findRetired(role, catalogue.retired),
      sizes: site.sizes,
      ordinals: new Map(),
    });
  // Whatever distro it will be: a role that no cookbook has is told at its place in the file.
  if (mapped === undefined) resolve(ANY_DISTRO, parseCookbooks(allSources).roles);
  const named = request.distro ?? read.spec.distro ?? request.keptDistro ?? null;
  const distro = mapped ?? chooseDistro(named, rolesOf(read.spec), catalogue);
  const sources = distro.cookbooks === null ? allSources : allSources.filter(({ name }) => isWanted(name, distro));
  const cookbooks = parseCookbooks(sources, { bdeVersion: bdeVersion(projectRoot) });
  const resolved = resolve(distro, cookbooks.roles);
  // A cluster that is there has the values of its secrets: what stands for them was exported, or pinned.
  const hasValues = request.keptDistro !== undefined || typeof request.spec !== 'string';
  checkAllAttributes(hasValues ? { ...read, spec: withoutTakenSecrets(read.spec) } : read, distro, cookbooks.cookbooks);
  const { cluster, secrets } = takeSecretsOut(resolved, cookbooks.cookbooks);
  return {
    source: {
      text: printClusterSpec(takeSecretsOut(read.spec, cookbooks.cookbooks).cluster),
      label,
      distro: { name: distro.name, vendor: distro.vendor, version: distro.version },
      sizes: site.sizes,
    },
    resolved: cluster,
    distro: { repos: distro.repos, attributes: distro.attributes },
    cookbooks: sources,
    roles: cookbooks.roles,
    secrets,
    warnings: [...site.warnings, ...resolved.warnings.map((warning) => warning.message)],
  };
}

/** @throws BdeError for attributes of the distro and of the spec that no cookbook declares so */
function checkAllAttributes({ spec, source }: ReadSpec, distro: Distro, cookbooks: readonly Cookbook[]): void {
  const ofDistro = checkAttributes(cookbooks, distro.attributes).map(
    ({ message, hint }) =>
      new BdeError('MANIFEST_INVALID', `distro ${distroLabel(distro)}: ${message}`, {
        subject: { file: distro.file },
        hint,
      }),
  );
  throwFindings(ofDistro, 'MANIFEST_INVALID', distro.file);
  throwFindings(checkConfiguration(spec, source, cookbooks), 'SPEC_INVALID', source.file);
}

type DistroName = Pick<Distro, 'name' | 'vendor' | 'version'>;

/** Stands in while none is chosen. */
const ANY_DISTRO: DistroName = { name: 'any', vendor: 'any', version: '' };

function rolesOf({ groups }: ClusterSpec): readonly string[] {
  return [...new Set(groups.flatMap((group) => group.roles))];
}

async function findSpec(
  request: ClusterInputsRequest,
  projectRoot: string,
  catalogue: Catalogue,
): Promise<{ readonly file: TextFile; readonly entry?: SpecMapEntry; readonly distro?: Distro }> {
  const { spec } = request;
  if (typeof spec !== 'string') return { file: { text: spec.text, path: `the pinned spec ${spec.label}` } };
  if (isSpecFile(spec)) return { file: await readText(spec) };
  const { entry, distro } = selectSpecAndDistro(
    { manifest: catalogue.manifest, entries: catalogue.map.entries },
    spec,
    request.distro ?? request.keptDistro,
  );
  return { file: await readMappedSpec(join(projectRoot, 'specs'), entry.path), entry, distro };
}

function chooseDistro(label: string | null, roles: readonly string[], { manifest }: Catalogue): Distro {
  return label === null ? distroForRoles(manifest, roles) : selectDistro(manifest, label);
}

/** The base cookbook belongs to every distro. */
function isWanted(cookbook: string, distro: Distro): boolean {
  return cookbook === 'base' || (distro.cookbooks?.includes(cookbook) ?? true);
}
