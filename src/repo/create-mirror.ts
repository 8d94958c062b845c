import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Guard } from '../engine/ports/guard.js';
import type { Mirror, MirrorEndpoint, MirrorKeys, MirrorServer, RepoBuilder } from '../engine/ports/mirror.js';
import type { TemplateShell } from '../engine/ports/provider.js';
import { tellHostRefusals } from '../errors/host-refusal.js';
import { DebianArchive } from './build/debian-archive.js';
import type { SourceFolder } from './definition/repo-definition.js';
import { ensureRepoLocks } from './ensure-repo.js';
import { withFileLock } from './file-lock.js';
import { listRepos } from './list-repos.js';
import { mirrorPaths, type MirrorPaths } from './mirror-paths.js';
import { publishContents, withdrawContents } from './publish-contents.js';
import { publishRoutes } from './publish-routes.js';
import { answersAsOurs, findHelper, findSettledHelper, startHelper, stopHelper } from './serve/helper-process.js';
import { helperFiles, type HelperRecord } from './serve/helper-record.js';
import { readIfThere } from './if-there.js';
import { ensureServerCertificate } from './trust/ensure-authority.js';
import { ensureTrustKeys, publicTrust, type TrustKeys } from './trust/ensure-trust.js';
import { packTrust, unpackTrust } from './trust/trust-files.js';

/** Whose mirror it is and what it works with. */
export interface MirrorOptions {
  /** The mirror's folder in the home; made where it is not there. */
  readonly home: string;
  /** 8 hex digits that name the home on its host. */
  readonly homeKey: string;
  /** Folder that holds the shipped `repos/` and `cookbooks/`. */
  readonly projectRoot: string;
  /** Further folders of repos, and of cookbooks: absolute paths. What build files in them take lies in them, too. */
  readonly own?: { readonly repos: readonly string[]; readonly cookbooks: readonly string[] };
  readonly templateShell: TemplateShell;
  /** Argument vector that starts the helper process; its flags are appended (see docs/repos.md). */
  readonly helperCommand: readonly string[];
  /** Of bde: a helper of another version is replaced. */
  readonly version: string;
  /** Downloads and built packages, shared by all homes; by default `/var/cache/bde`, for others than root in their own cache. */
  readonly cacheFolder?: string;
  /** Milliseconds since 1970; for certificates. */
  readonly now?: () => number;
}

/** The package mirror of one home, on this host. */
export function createMirror(options: MirrorOptions): Mirror {
  const paths = mirrorPaths(options.home);
  const trustKeys = (guard: Guard): Promise<TrustKeys> =>
    told(ensureTrustKeys(paths, { homeKey: options.homeKey, nowMs: nowOf(options) }, guard));
  const parts = { options, paths, trustKeys };
  return { ...mirrorKeys(parts), ...repoBuilder(parts), ...mirrorServer(parts) };
}

interface MirrorParts {
  readonly options: MirrorOptions;
  readonly paths: MirrorPaths;
  readonly trustKeys: (guard: Guard) => Promise<TrustKeys>;
}

function mirrorKeys({ options, paths, trustKeys }: MirrorParts): MirrorKeys {
  return {
    ensureTrust: async (guard) => publicTrust(await trustKeys(guard)),

    exportKeys: async (guard) => {
      await trustKeys(guard);
      const packed = await told(packTrust(paths));
      if (packed === null) throw new TypeError('keys that were made just now are not there');
      return packed;
    },

    restoreKeys: (keys, { replace }, guard) =>
      told(unpackTrust(keys, { paths, replace, now: () => nowOf(options) }, guard)),
  };
}

function repoBuilder({ options, paths, trustKeys }: MirrorParts): RepoBuilder {
  const repoFolders = sourceFolders(options, 'repos');
  const cookbookFolders = sourceFolders(options, 'cookbooks');
  return {
    folders: repoFolders.map(({ path }) => path),

    ensureRepo: async (name, { template, rehearsal, refresh = false }, guard, onProgress) => {
      const keys = await trustKeys(guard);
      const { templateShell } = options;
      const tools = { ...buildTools(options, paths), onProgress };
      const folders = { paths, repoFolders, cookbookFolders };
      const context = { ...folders, keys, templateShell, tools, template, rehearsal, refresh, guard };
      return told(withFileLock(paths.buildLock, () => ensureRepoLocks(name, context)));
    },

    list: () => listRepos(repoFolders, paths),
  };
}

function mirrorServer({ options, paths, trustKeys }: MirrorParts): MirrorServer {
  const files = helperFiles(paths.helper);
  return {
    publish: async (clusterId, locks, guard) => {
      await guard();
      await told(publishRoutes(clusterId, locks, paths));
      if (locks.length === 0) await told(withdrawContents(clusterId, paths));
    },

    publishContents: async (clusterId, contents, guard) => {
      await guard();
      await told(publishContents(clusterId, contents, paths));
    },

    ensureServing: async (bindAddress, guard) => {
      const keys = await trustKeys(guard);
      return told(withFileLock(files.startLock, () => ensureHelper({ options, paths, keys, guard }, bindAddress)));
    },

    status: async () => {
      const record = await findHelper(files);
      const caCertificate = await readIfThere(join(paths.trust, 'authority.pem'));
      if (record === undefined || caCertificate === undefined) return null;
      return (await answersAsOurs(record, { ...options, caCertificate })) ? endpointOf(record) : null;
    },

    stop: () =>
      withFileLock(files.startLock, async () => {
        const record = await findSettledHelper(files);
        if (record !== undefined) await stopHelper(record, files);
      }),
  };
}

/** With what the host refuses (a full disk, a port that is taken) told as such. */
function told<Result>(work: Promise<Result>): Promise<Result> {
  return tellHostRefusals('REPO_FAILED', work);
}

/** The shipped folder first, then those of one's own. */
function sourceFolders({ projectRoot, own }: MirrorOptions, part: 'repos' | 'cookbooks'): readonly SourceFolder[] {
  const shipped = { path: join(projectRoot, part), bound: projectRoot };
  return [shipped, ...(own?.[part] ?? []).map((path) => ({ path, bound: path }))];
}

/** What looks after the helper process. */
interface HelperCare {
  readonly options: MirrorOptions;
  readonly paths: MirrorPaths;
  readonly keys: TrustKeys;
  readonly guard: Guard;
}

async function ensureHelper({ options, paths, keys, guard }: HelperCare, address: string): Promise<MirrorEndpoint> {
  const { homeKey, version, helperCommand: command, home: folder } = options;
  const files = helperFiles(paths.helper);
  const caCertificate = keys.authority.certificatePem;
  await guard();
  const certificate = await ensureServerCertificate(paths.trust, keys.authority, { address, nowMs: nowOf(options) });
  const live = await findSettledHelper(files);
  if (live !== undefined) {
    const isRight = live.version === version && live.address === address && !certificate.isNew;
    if (isRight && (await answersAsOurs(live, { caCertificate, homeKey }))) return endpointOf(live);
    await guard();
    await stopHelper(live, files);
  }
  await guard();
  return endpointOf(await startHelper({ files, folder, homeKey, version, address, caCertificate, command }));
}

function endpointOf({ address, port, pid }: HelperRecord): MirrorEndpoint {
  return { url: `https://${address}:${port}`, pid };
}

function buildTools(options: MirrorOptions, paths: MirrorPaths) {
  const cache = options.cacheFolder ?? defaultCache();
  return { archive: new DebianArchive(cache), rpmCache: join(cache, 'rpms'), drafts: paths.drafts };
}

function defaultCache(): string {
  if (process.getuid?.() === 0) return '/var/cache/bde';
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'bde');
}

function nowOf({ now = Date.now }: MirrorOptions): number {
  return now();
}
