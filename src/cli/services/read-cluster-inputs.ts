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
  const tree = await readTree(request, projectRoot);
  const { read, site, label } = tree;
  const distro = distroOf(request, tree);
  const sources = tree.cookbooks.filter(({ name }) => isWanted(name, distro));
  const cookbooks = parseCookbooks(sources, { bdeVersion: bdeVersion(projectRoot) });
  const resolved = resolveTree(tree, { distro, roles: cookbooks.roles, name: request.name });
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

/** What the working tree has for a request, read and parsed, nothing decided. */
interface Tree {
  readonly catalogue: Catalogue;
  readonly label: string;
  readonly read: ReadSpec;
  /** Where the spec is one of the map: its entry, and the distro that goes with it. */
  readonly mapped: MappedSpec | null;
  readonly cookbooks: readonly CookbookSource[];
  readonly site: ReturnType<typeof applySite>;
}

interface MappedSpec {
  readonly entry: SpecMapEntry;
  readonly distro: Distro;
}

async function readTree(request: ClusterInputsRequest, projectRoot: string): Promise<Tree> {
  const { cookbooks = [], distros = [], repos = [], site: siteFile } = request;
  const folders = await findDataFolders({ cookbooks, distros, repos, site: siteFile }, projectRoot);
  const catalogue = await readCatalogue(folders);
  const { file, mapped } = await findSpec(request, projectRoot, catalogue);
  const { provider } = await openProvider({ name: request.provider, site: request.site });
  return {
    catalogue,
    label: typeof request.spec === 'string' ? request.spec : request.spec.label,
    read: parseClusterSpec(overrideDocument(parseDocument(file.text, file.path), request.overrides)),
    mapped,
    cookbooks: await readCookbooks(folders.cookbooks),
    site: applySite(folders.site, request.provider, provider.describe()),
  };
}

/** The distro of the map's entry; else the one that is named, or the first that has all roles. */
function distroOf(request: ClusterInputsRequest, tree: Tree): Distro {
  const { mapped, read, catalogue } = tree;
  if (mapped !== null) return mapped.distro;
  // Whatever distro it will be: a role that no cookbook has is told at its place in the file.
  resolveTree(tree, { distro: ANY_DISTRO, roles: parseCookbooks(tree.cookbooks).roles, name: request.name });
  return chooseDistro(request.distro ?? read.spec.distro ?? request.keptDistro ?? null, rolesOf(read.spec), catalogue);
}

function resolveTree(
  { read, label, mapped, catalogue, site }: Tree,
  given: {
    readonly distro: DistroName;
    readonly roles: ReadonlyMap<string, Role>;
    readonly name: string | undefined;
  },
): ResolvedCluster {
  const { distro, roles, name } = given;
  const appManager = mapped?.entry.appManager;
  return resolveCluster({
    name: parseClusterName(name ?? read.spec.name ?? clusterNameAfter(label)),
    spec: read.spec,
    specWarnings: read.warnings,
    source: read.source,
    specLabel: label,
    distro,
    ...(appManager === undefined ? {} : { appManager }),
    baseRoles: [BASE_ROLE],
    roles,
    retired: (role) => findRetired(role, catalogue.retired),
    sizes: site.sizes,
    ordinals: new Map(),
  });
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
): Promise<{ readonly file: TextFile; readonly mapped: MappedSpec | null }> {
  const { spec } = request;
  if (typeof spec !== 'string')
    return { file: { text: spec.text, path: `the pinned spec ${spec.label}` }, mapped: null };
  if (isSpecFile(spec)) return { file: await readText(spec), mapped: null };
  const mapped = selectSpecAndDistro(
    { manifest: catalogue.manifest, entries: catalogue.map.entries },
    spec,
    request.distro ?? request.keptDistro,
  );
  return { file: await readMappedSpec(join(projectRoot, 'specs'), mapped.entry.path), mapped };
}

function chooseDistro(label: string | null, roles: readonly string[], { manifest }: Catalogue): Distro {
  return label === null ? distroForRoles(manifest, roles) : selectDistro(manifest, label);
}

/** The base cookbook belongs to every distro, and all do where it does not say which. */
function isWanted(cookbook: string, distro: Distro): boolean {
  return cookbook === 'base' || (distro.cookbooks?.includes(cookbook) ?? true);
}
