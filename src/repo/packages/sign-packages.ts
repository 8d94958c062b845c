import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lstatIfThere } from '../if-there.js';
import { repoFailed } from '../repo-error.js';
import { runTool } from '../run-tool.js';
import { withKeyring, type Keyring } from '../trust/gpg-keyring.js';
import { readRpm } from './read-rpm.js';
import type { RpmFile } from './rpm-file.js';

/** Debian's rpm looks for gpg under a name that it does not have there. */
const GPG_MACRO = '__gpg /usr/bin/gpg';

/**
 * The same packages, signed by this key alone: copies in the pool, a file per content. What is there is not signed again.
 *
 * @throws BdeError `REPO_FAILED` when rpmsign fails or changes more than the signature
 */
export async function signPackages(
  files: readonly RpmFile[],
  keyring: Keyring,
  place: { readonly pool: string; readonly drafts: string },
): Promise<readonly RpmFile[]> {
  const shelf = join(place.pool, keyring.fingerprint);
  const signed = files.map((file) => ({ ...file, path: join(shelf, `${file.digest}.rpm`) }));
  const present = await Promise.all(signed.map(({ path }) => lstatIfThere(path)));
  const lacking = files.filter((_, index) => present[index] === undefined);
  if (lacking.length === 0) return signed;
  await mkdir(shelf, { recursive: true });
  await mkdir(place.drafts, { recursive: true });
  const folder = await mkdtemp(join(place.drafts, 'sign-'));
  try {
    await signInto(folder, lacking, keyring);
    for (const { digest } of lacking) await rename(join(folder, `${digest}.rpm`), join(shelf, `${digest}.rpm`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return signed;
}

async function signInto(folder: string, files: readonly RpmFile[], keyring: Keyring): Promise<void> {
  const copies = files.map(({ digest }) => join(folder, `${digest}.rpm`));
  for (const [index, { path }] of files.entries()) await copyFile(path, copies[index] ?? '');
  const defines = ['--define', `_gpg_name ${keyring.fingerprint}`, '--define', GPG_MACRO];
  await withKeyring(keyring.folder, (env) => runTool(['rpmsign', ...defines, '--addsign', ...copies], { env }));
  for (const [index, { digest, path }] of files.entries()) {
    const after = await readRpm(copies[index] ?? '');
    if (after.digest !== digest) throw repoFailed(`Signing ${path} changed its content.`, { subject: { file: path } });
  }
}
