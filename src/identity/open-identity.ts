import type { Sealer } from '../engine/ports/sealer.js';
import { createAgeSealer } from './age-sealer.js';
import { generateIdentityFile, parseIdentityFile } from './identity-file.js';
import { createPrivateFile, readPrivateFile } from './private-file.js';
import { missingIdentity } from './identity-errors.js';

/**
 * The operator identity at `path`. Where it is not there it is made, but only with `mayCreate`: as soon as something is
 * sealed, a new identity could not open it.
 *
 * @throws BdeError `IDENTITY_MISSING` (names the path), `IDENTITY_INVALID`
 */
export async function openIdentity(options: { readonly path: string; readonly mayCreate: boolean }): Promise<Sealer> {
  const { path, mayCreate } = options;
  const found = await readPrivateFile(path);
  if (found !== undefined) return createAgeSealer(parseIdentityFile(found, path), { path, createdNow: false });
  if (!mayCreate) throw missingIdentity(path);
  return makeIdentity(path);
}

/** Of two processes that make it at once, one wins, and both use what it made. */
async function makeIdentity(path: string): Promise<Sealer> {
  const text = await generateIdentityFile();
  const createdNow = await createPrivateFile(path, text);
  const standing = createdNow ? text : await readPrivateFile(path);
  if (standing === undefined) throw missingIdentity(path);
  return createAgeSealer(parseIdentityFile(standing, path), { path, createdNow });
}
