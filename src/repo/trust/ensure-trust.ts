import type { Guard } from '../../engine/ports/guard.js';
import type { MirrorTrust } from '../../engine/ports/mirror.js';
import { withFileLock } from '../file-lock.js';
import type { MirrorPaths } from '../mirror-paths.js';
import { ensureAuthority } from './ensure-authority.js';
import { ensureKeyring, type Keyring } from './gpg-keyring.js';
import type { KeyAndCertificate } from './key-and-certificate.js';
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
 * The authority and both package keys of a home, made where they are not there; one process at a time.
 *
 * @throws BdeError `REPO_FAILED` when a key cannot be made or read
 */
export async function ensureTrustKeys(paths: MirrorPaths, owner: TrustOwner, guard: Guard): Promise<TrustKeys> {
  await guard();
  await ensurePrivateFolder(paths.folder);
  return withFileLock(paths.trustLock, async () => {
    await ensurePrivateFolder(paths.trust);
    const authority = await ensureAuthority(paths.trust, `bde mirror ${owner.homeKey}`, owner.nowMs);
    await guard();
    const mirror = await ensureKeyring(paths.keyring, `bde mirror ${owner.homeKey} <mirror@bde.invalid>`);
    await guard();
    const rehearsalId = `bde rehearsal ${owner.homeKey} <rehearsal@bde.invalid>`;
    return { authority, mirror, rehearsal: await ensureKeyring(paths.rehearsalKeyring, rehearsalId) };
  });
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
