import { join } from 'node:path';
import { repoFailed } from '../repo-error.js';
import { readIfThere } from '../if-there.js';
import { writeAtomically } from '../write-atomically.js';
import { parseKeyAndCertificate, type KeyAndCertificate } from '../../certificates/key-and-certificate.js';
import { LEAF_DAYS, makeAuthority, makeLeafCertificate } from '../../certificates/make-certificate.js';

/** A certificate is made anew when it has less than this left. */
const RENEW_BEFORE_MS = 60 * 24 * 3600 * 1000;

/** The authority that is there; undefined where none can be read. */
export async function findAuthority(trustFolder: string): Promise<KeyAndCertificate | undefined> {
  return parseKeyAndCertificate((await readIfThere(authorityPath(trustFolder))) ?? '');
}

/**
 * The mirror's own authority, made where it is not there. Nodes have its certificate from their first boot on, so one
 * that is there but cannot be read is never replaced.
 *
 * @throws BdeError `REPO_FAILED` when the file holds no key with its certificate
 */
export async function ensureAuthority(trustFolder: string, name: string, nowMs: number): Promise<KeyAndCertificate> {
  const path = authorityPath(trustFolder);
  const found = await readIfThere(path);
  const pem = found ?? (await makeAuthority(name, nowMs));
  const authority = parseKeyAndCertificate(pem);
  if (authority === undefined) {
    throw repoFailed(`${path} holds no private key with the certificate that belongs to it.`, {
      hint: `Restore it from a backup; without one, move ${trustFolder} aside, and make the clusters of this home anew.`,
      subject: { file: path },
    });
  }
  if (found === undefined) await writeAtomically(path, pem, 0o600);
  return authority;
}

function authorityPath(trustFolder: string): string {
  return join(trustFolder, 'authority.pem');
}

/** Where the TLS key and certificate of the helper lie, and whether they were made just now. */
export interface ServerCertificate {
  readonly path: string;
  readonly isNew: boolean;
}

/** The TLS key and certificate for an address: made where there is none, where it is of another address, or where it ends soon. */
export async function ensureServerCertificate(
  trustFolder: string,
  authority: KeyAndCertificate,
  server: { readonly address: string; readonly nowMs: number },
): Promise<ServerCertificate> {
  const path = join(trustFolder, 'server.pem');
  const found = parseKeyAndCertificate((await readIfThere(path)) ?? '');
  if (found !== undefined && isGood(found, authority, server)) return { path, isNew: false };
  const { address, nowMs } = server;
  const subject = { commonName: address, dnsNames: [], addresses: [address], usage: 'server' } as const;
  await writeAtomically(path, await makeLeafCertificate(authority, subject, nowMs), 0o600);
  return { path, isNew: true };
}

function isGood(
  { certificate }: KeyAndCertificate,
  authority: KeyAndCertificate,
  { address, nowMs }: { readonly address: string; readonly nowMs: number },
): boolean {
  const leftMs = Date.parse(certificate.validTo) - nowMs;
  return (
    leftMs > RENEW_BEFORE_MS &&
    leftMs <= (LEAF_DAYS + 1) * 24 * 3600 * 1000 &&
    certificate.checkIP(address) !== undefined &&
    certificate.verify(authority.certificate.publicKey)
  );
}
