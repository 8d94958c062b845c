import type { Guard } from '../../engine/ports/guard.js';
import type { MirrorTrust } from '../../engine/ports/mirror.js';
import { withFileLock } from '../file-lock.js';
import type { MirrorPaths } from '../mirror-paths.js';
import { ensureAuthority, findAuthority } from './ensure-authority.js';
import { ensureKeyring, findKeyring, type Keyring } from './gpg-keyring.js';
import type { KeyAndCertificate } from '../../certificates/key-and-certificate.js';
import { ensurePrivateFolder } from './private-folder.js';

/** The mirror's keys, with their private halves. */
export interface TrustKeys {
  readonly authority: KeyAndCertificate;
  readonly mirror: Keyring;
  readonly rehearsal: Keyring;
}

/** Whose keys these are, and when. */
export interface TrustOwner {
  readonly homeKey: string;
  readonly nowMs: number;
}

/**
 * The authority and both package keys of a home, made where they are not there, by one process at a time. They are never
 * replaced, so who finds them waits for nobody.
 *
 * @throws BdeError `REPO_FAILED` when a key cannot be made or read
 */
export async function ensureTrustKeys(paths: MirrorPaths, owner: TrustOwner, guard: Guard): Promise<TrustKeys> {
  await guard();
  await ensurePrivateFolder(paths.folder);
  return (await findTrustKeys(paths)) ?? withFileLock(paths.trustLock, () => makeTrustKeys(paths, owner, guard));
}

async function findTrustKeys(paths: MirrorPaths): Promise<TrustKeys | undefined> {
  const [authority, mirror, rehearsal] = await Promise.all([
    findAuthority(paths.trust),
    findKeyring(paths.keyring),
    findKeyring(paths.rehearsalKeyring),
  ]);
  if (authority === undefined || mirror === undefined || rehearsal === undefined) return undefined;
  return { authority, mirror, rehearsal };
}

async function makeTrustKeys(paths: MirrorPaths, { homeKey, nowMs }: TrustOwner, guard: Guard): Promise<TrustKeys> {
  await ensurePrivateFolder(paths.trust);
  const authority = await ensureAuthority(paths.trust, `bde mirror ${homeKey}`, nowMs);
  await guard();
  // Side by side, for gpg looks a second for the primes of each; the lock is held until both have ended.
  const made = [
    ensureKeyring(paths.keyring, `bde mirror ${homeKey} <mirror@bde.invalid>`),
    ensureKeyring(paths.rehearsalKeyring, `bde rehearsal ${homeKey} <rehearsal@bde.invalid>`),
  ] as const;
  await Promise.allSettled(made);
  const [mirror, rehearsal] = await Promise.all(made);
  return { authority, mirror, rehearsal };
}

/** The public halves: what nodes get. */
export function publicTrust({ authority, mirror, rehearsal }: TrustKeys): MirrorTrust {
  return {
    caCertificate: authority.certificatePem,
    gpgKey: mirror.publicKey,
    rehearsalGpgKey: rehearsal.publicKey,
    gpgFingerprint: mirror.fingerprint,
    rehearsalGpgFingerprint: rehearsal.fingerprint,
  };
}
