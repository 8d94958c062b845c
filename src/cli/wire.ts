import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Backups } from '../engine/ports/backups.js';
import type { Certifier } from '../engine/ports/certifier.js';
import type { ClusterRecords } from '../engine/ports/cluster-records.js';
import type { Mirror } from '../engine/ports/mirror.js';
import type { Nodes, NodeTarget } from '../engine/ports/nodes.js';
import type { ProviderWithAbilities } from '../engine/ports/provider.js';
import type { Sealer } from '../engine/ports/sealer.js';
import type { Store } from '../engine/ports/store.js';
import type { Secret } from '../errors/secret.js';
import type { Site } from '../spec/site/site.js';
import type { ServeOptions } from '../repo/serve/serve-mirror.js';
import { bdeVersion } from './bde-version.js';
import { homePaths } from './paths.js';
import { systemClock } from './system-clock.js';

/** The one module that knows every adapter by name. Each is imported when it is first needed. */

/** Key in the home table that says that something was sealed: from then on a lost identity is not made anew. */
const SEALED_KEY = 'identity-used';
/** Hosts that are there are up: one that is not is not waited for. */
const HOST_ANSWERS_MS = 10_000;

/** Opens the store of this home. */
export async function openStore(): Promise<Store> {
  const { openSqliteStore } = await import('../store/open-sqlite-store.js');
  return openSqliteStore(homePaths().store);
}

/** Copies the store of this home, as it is at one moment, into a new file. */
export async function copyStore(to: string): Promise<void> {
  const { backupStore } = await import('../store/backup-store.js');
  await backupStore(homePaths().store, to);
}

/** Which provider is meant, by the site's name for it. */
export interface ProviderChoice {
  /** Undefined: the site's default. */
  readonly name: string | undefined;
  /** Path of the site file; undefined: `$BDE_SITE`, then the default places. */
  readonly site?: string | undefined;
}

/**
 * The machines of this home: those of `local`, or of the provider that is chosen. A kind that there is no adapter for
 * gives `local` too; who chose it compares the names.
 *
 * @throws BdeError `SITE_INVALID`, `FILE_UNREADABLE`
 */
export async function openProvider(choice?: ProviderChoice): Promise<ProviderWithAbilities> {
  const { createLocalProvider } = await import('../providers/local/create-local-provider.js');
  const local = createLocalProvider({ homeKey: homePaths().homeKey });
  if (choice === undefined) return local;
  const { readSiteOf } = await import('./services/read-site-file.js');
  const site = await readSiteOf(choice.site ?? (process.env['BDE_SITE'] || undefined));
  const name = choice.name ?? site.defaultProvider;
  return site.providers[name]?.kind === 'static' ? openStaticProvider(name, site, local) : local;
}

/** Packages are solved in the template of `local`, which the hosts have to be like. */
async function openStaticProvider(
  name: string,
  site: Site,
  local: ProviderWithAbilities,
): Promise<ProviderWithAbilities> {
  const { createStaticProvider } = await import('../providers/static/create-static-provider.js');
  const { createSshRoutes } = await import('../ssh/config/create-ssh-routes.js');
  const { toStaticSettings } = await import('../spec/site/static-settings.js');
  const { home, homeKey } = homePaths();
  const { settings = {}, network = null } = site.providers[name] ?? {};
  const { hosts } = toStaticSettings(settings);
  const mirrorAddress = site.mirror.address ?? '';
  const provider = createStaticProvider({
    ...{ name, homeKey, hosts, folder: join(home, 'leases', name) },
    network: {
      cidr: (network === null ? undefined : site.networks[network]?.cidr) ?? `${mirrorAddress}/32`,
      mirrorAddress,
    },
    nodes: await openNodes(),
    routes: createSshRoutes({
      home: homedir(),
      userName: userInfo().username,
      agentSocket: process.env['SSH_AUTH_SOCK'] || undefined,
      systemFolder: '/etc/ssh',
    }),
    ensureTemplate: (recipe, guard, onProgress) => local.provider.ensureTemplate(recipe, guard, onProgress),
    connectMs: HOST_ANSWERS_MS,
  });
  return local.templateShell === undefined ? provider : { ...provider, templateShell: local.templateShell };
}

/** Verified connections to machines. */
export async function openNodes(): Promise<Nodes> {
  const { createSshNodes } = await import('../ssh/create-ssh-nodes.js');
  return createSshNodes({ clock: systemClock });
}

/** The argv of an OpenSSH client session to a node. */
export async function openSshCommandOf(
  target: NodeTarget,
  given: { readonly folder: string; readonly argv: readonly string[] },
): Promise<readonly string[]> {
  const { openSshCommand } = await import('../ssh/open-ssh-command.js');
  return openSshCommand(target, {
    folder: given.folder,
    ...(given.argv.length === 0 ? {} : { command: given.argv, terminal: process.stdin.isTTY }),
  });
}

/** Where package repos, and cookbooks with their rehearsals, lie; the shipped folders first. */
export interface MirrorFolders {
  readonly projectRoot: string;
  readonly repos?: readonly string[];
  readonly cookbooks?: readonly string[];
}

/** The package mirror of this home; without folders of one's own it knows what comes with bde. */
export async function openMirror(
  { projectRoot, repos = [], cookbooks = [] }: MirrorFolders,
  provider: ProviderWithAbilities,
): Promise<Mirror> {
  const { createMirror } = await import('../repo/create-mirror.js');
  const paths = homePaths();
  if (provider.templateShell === undefined) throw new TypeError('the mirror solves packages in a template');
  return createMirror({
    home: paths.mirror,
    homeKey: paths.homeKey,
    projectRoot,
    own: { repos: repos.slice(1), cookbooks: cookbooks.slice(1) },
    templateShell: provider.templateShell,
    helperCommand: [process.execPath, join(projectRoot, 'dist', 'main.js'), 'repo', 'serve'],
    version: bdeVersion(projectRoot),
  });
}

/** The private keys of the mirror in a folder, as its `exportKeys` gives them; null where none were made yet. */
export async function packMirrorKeys(folder: string): Promise<Secret | null> {
  const { mirrorPaths } = await import('../repo/mirror-paths.js');
  const { packTrust } = await import('../repo/trust/trust-files.js');
  return packTrust(mirrorPaths(folder));
}

/** Puts such keys into the folder of a mirror that has none. */
export async function unpackMirrorKeys(folder: string, keys: Secret): Promise<void> {
  const { mirrorPaths } = await import('../repo/mirror-paths.js');
  const { unpackTrust } = await import('../repo/trust/trust-files.js');
  const options = { paths: mirrorPaths(folder), replace: false, now: () => systemClock.now() };
  await unpackTrust(keys, options, () => Promise.resolve());
}

/** What the mirror's helper process does; resolves when it is told to end or its folder is gone. */
export async function serveMirror(options: ServeOptions): Promise<void> {
  const serve = await import('../repo/serve/serve-mirror.js');
  return serve.serveMirror(options);
}

/** The operator identity; made where nothing is sealed yet. */
export async function openSealer(store: Store): Promise<Sealer> {
  const { openIdentity } = await import('../identity/open-identity.js');
  const path = await identityPathOfProcess();
  const sealer = await openIdentity({ path, mayCreate: !(await isIdentityNeeded(store)) });
  await store.home.put(SEALED_KEY, true);
  return sealer;
}

/**
 * The operator identity, where there is one; none is made.
 *
 * @throws BdeError `IDENTITY_MISSING`, `IDENTITY_INVALID`
 */
export async function openExistingSealer(): Promise<Sealer> {
  const { openIdentity } = await import('../identity/open-identity.js');
  return openIdentity({ path: await identityPathOfProcess(), mayCreate: false });
}

/** Whether something of this home is sealed: from then on its identity has to be there. */
export async function isIdentityNeeded(store: Store): Promise<boolean> {
  return (await store.home.get(SEALED_KEY)) === true;
}

/** Where the operator identity is kept. */
export async function identityPathOfProcess(): Promise<string> {
  const { identityPath } = await import('../identity/identity-path.js');
  return identityPath({
    override: process.env['BDE_IDENTITY'],
    isRoot: process.getuid?.() === 0,
    homeFolder: homedir(),
  });
}

/** Maker of certificates; what it is made of is loaded when the first one is asked for. */
export function openCertifier(): Certifier {
  const load = async (): Promise<Certifier> => (await import('../certificates/create-certifier.js')).createCertifier();
  return {
    makeAuthority: async (name, nowMs) => (await load()).makeAuthority(name, nowMs),
    certify: async (authority, subject, nowMs) => (await load()).certify(authority, subject, nowMs),
  };
}

/** Backups of the data of clusters. */
export async function openBackups(sealer: Sealer): Promise<Backups> {
  const { createFolderBackups } = await import('../backups/create-folder-backups.js');
  return createFolderBackups(sealer);
}

/** Sealed cluster records. */
export async function openRecords(sealer: Sealer): Promise<ClusterRecords> {
  const { createClusterRecords } = await import('../identity/create-cluster-records.js');
  return createClusterRecords(sealer);
}
