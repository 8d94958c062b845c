import type { ClusterId, Digest } from '../../errors/ids.js';
import type { Secret } from '../../errors/secret.js';
import type { Guard } from './guard.js';

/** What nodes trust: they get it as files at clone. */
export interface MirrorTrust {
  /** PEM of the mirror's own CA. */
  readonly caCertificate: string;
  /** Armoured public keys: the mirror's, and the rehearsal repo's (another key). */
  readonly gpgKey: string;
  readonly rehearsalGpgKey: string;
  readonly gpgFingerprint: string;
  readonly rehearsalGpgFingerprint: string;
}

/** One package as it will be asked for. */
export interface LockedPackage {
  readonly name: string;
  /** `name-[epoch:]version-release.arch`, as dnf takes it. */
  readonly nevra: string;
  /** sha256 of header and payload without the signature: another key changes no plan. */
  readonly digest: Digest;
}

/** The solved closure of what was asked for, against one template; an input of plans. */
export interface RepoLock {
  readonly formatVersion: 1;
  readonly repo: string;
  readonly template: Digest;
  /** Snapshot that the packages are in. */
  readonly snapshot: Digest;
  readonly rehearsal: boolean;
  /** All packages of the repo's closure, by name, sorted. */
  readonly packages: readonly LockedPackage[];
  /** Repos that the whole closure is in, this one among them, sorted: a node that wants these packages needs no other. */
  readonly sources: readonly string[];
}

/** What a repo has and lacks. */
export interface RepoListing {
  readonly name: string;
  readonly summary: string;
  readonly built: boolean;
  readonly snapshot?: Digest;
  readonly packageCount: number;
  /** Names of packages that the repo declares, that nothing here can build, and that no operator brought. */
  readonly missing: readonly string[];
}

/** Where the nodes find the mirror. */
export interface MirrorEndpoint {
  /** `https://10.77.3.1:8443` */
  readonly url: string;
  readonly pid: number;
}

/** The package mirror of one home: builds, signs, locks and serves. */
export interface Mirror extends MirrorKeys, RepoBuilder, MirrorServer {}

/** What a mirror signs and serves with. */
export interface MirrorKeys {
  /** Makes CA, TLS key and both GPG keys where they are not there. Idempotent. */
  ensureTrust(guard: Guard): Promise<MirrorTrust>;

  /** The private keys behind the trust, made where they are not there: text that `restoreKeys` takes. */
  exportKeys(guard: Guard): Promise<Secret>;

  /**
   * Puts keys back that `exportKeys` gave; done where they are there. Where the mirror has others, all that is signed by
   * those goes aside with `replace`.
   *
   * @throws BdeError `REPO_FAILED` where it has others and may not replace them, or the text is of another format
   */
  restoreKeys(keys: Secret, options: { readonly replace: boolean }, guard: Guard): Promise<void>;
}

/** Package repos, from their definitions to locked snapshots. */
export interface RepoBuilder {
  /** Folders whose sub-folders are looked at for a `repo.yaml`, in order. */
  readonly folders: readonly string[];

  /**
   * Builds, signs and locks a repo; nothing to do where its inputs are unchanged. With `rehearsal`, fills what it lacks
   * with rehearsal packages, in a repo of its own. With `refresh`, asks the sources for newer versions first. The locks of
   * the repos that it requires come before its own: repos that require one and the same repo give equal locks for it.
   *
   * @throws BdeError `REPO_FAILED`
   */
  ensureRepo(
    name: string,
    options: { readonly template: Digest; readonly rehearsal: boolean; readonly refresh?: boolean },
    guard: Guard,
    onProgress: (line: string) => void,
  ): Promise<readonly RepoLock[]>;

  /** What is there, without building. */
  list(): Promise<readonly RepoListing[]>;
}

/** What nodes pull from: one helper process that outlives the command. */
export interface MirrorServer {
  /** Makes exactly these snapshots visible below `/c/<cluster id>/<repo>/`, atomically; an empty list removes the cluster, its contents too. */
  publish(clusterId: ClusterId, locks: readonly RepoLock[], guard: Guard): Promise<void>;

  /**
   * Makes these contents visible below `/c/<cluster id>/_content/<sha256>`, beside those that are there already; an empty
   * `publish` removes them. Keys are the sums of the values.
   */
  publishContents(clusterId: ClusterId, contents: Readonly<Record<string, Buffer>>, guard: Guard): Promise<void>;

  /** Starts the helper process or finds it alive and of this version; returns when it answers over TLS. */
  ensureServing(bindAddress: string, guard: Guard): Promise<MirrorEndpoint>;

  /** The live helper, or null. */
  status(): Promise<MirrorEndpoint | null>;

  /** Stops the helper; done when there is none. */
  stop(): Promise<void>;
}
