import { mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { lstatIfThere, readIfThere } from '../if-there.js';
import { repoFailed } from '../repo-error.js';
import { runTool } from '../run-tool.js';
import { writeAtomically } from '../write-atomically.js';
import { ensurePrivateFolder } from './private-folder.js';

/** A GNUPGHOME with one key that signs. */
export interface Keyring {
  readonly folder: string;
  /** 40 hex digits, upper case. */
  readonly fingerprint: string;
  /** Armoured. */
  readonly publicKey: string;
}

/** rpm and dnf of every distribution that we know verify it. */
const KEY_KIND = 'rsa3072';

const GPG = ['gpg', '--batch', '--no-tty', '--quiet'] as const;

/**
 * The keyring of this folder (0700), with its key made where it is not there. Its key is never replaced: nodes know it.
 * For one process at a time.
 *
 * @throws BdeError `REPO_FAILED` when gpg fails or the folder is damaged
 */
export async function ensureKeyring(folder: string, userId: string): Promise<Keyring> {
  const found = await findKeyring(folder);
  if (found !== undefined) return found;
  await refuseDamaged(folder);
  await ensurePrivateFolder(dirname(folder));
  const draft = await newDraft(folder);
  try {
    await makeKey(draft, userId);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  const made = await findKeyring(folder);
  if (made === undefined) throw repoFailed(`gpg made no key in ${folder}.`);
  return made;
}

/**
 * An empty folder (0700) for this try alone: gpg and its agent outlive the process that started them when that is killed,
 * and go on in theirs, which is removed under them.
 */
async function newDraft(folder: string): Promise<string> {
  const place = dirname(folder);
  const prefix = `${basename(folder)}.draft-`;
  const stale = (await readdir(place)).filter((name) => name.startsWith(prefix));
  for (const name of stale) await rm(join(place, name), { recursive: true, force: true, maxRetries: 5 });
  return mkdtemp(join(place, prefix));
}

/** A detached armoured signature beside the file, `<file>.asc`; one that is there is replaced. */
export async function signFile(keyring: Keyring, file: string): Promise<void> {
  await withKeyring(keyring.folder, async (env) => {
    await runTool([...GPG, '--yes', '--local-user', keyring.fingerprint, '--armor', '--detach-sign', file], { env });
  });
}

/**
 * Does work with `GNUPGHOME` set to this keyring, and ends the agent that gpg starts for it. The folder goes by a short
 * name meanwhile: the agent's socket lies in it, and a socket's path may have 107 characters.
 */
export async function withKeyring<Result>(
  folder: string,
  work: (env: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  const place = await mkdtemp(join(tmpdir(), 'bde-gpg-'));
  const alias = join(place, 'h');
  await symlink(folder, alias);
  const env = { GNUPGHOME: alias };
  try {
    return await work(env);
  } finally {
    await runTool(['gpgconf', '--kill', 'all'], { env });
    await rm(place, { recursive: true, force: true });
  }
}

async function refuseDamaged(folder: string): Promise<void> {
  if ((await lstatIfThere(folder)) === undefined) return;
  throw repoFailed(`${folder} is no whole keyring: fingerprint or public-key.asc is missing.`, {
    hint: 'Restore it from a backup; without one, move it aside and make the clusters of this home anew.',
    subject: { file: folder },
  });
}

async function makeKey(folder: string, userId: string): Promise<void> {
  await withKeyring(folder, async (env) => {
    await runTool([...GPG, '--passphrase', '', '--quick-generate-key', userId, KEY_KIND, 'sign', 'never'], { env });
    const { stdout } = await runTool([...GPG, '--with-colons', '--list-secret-keys'], { env });
    const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(stdout)?.[1];
    if (fingerprint === undefined) throw repoFailed(`gpg made no key for ${userId}.`);
    const key = await runTool([...GPG, '--armor', '--export', fingerprint], { env });
    await writeAtomically(join(folder, 'public-key.asc'), key.stdout);
    await writeAtomically(join(folder, 'fingerprint'), `${fingerprint}\n`);
  });
}

/** The keyring of this folder; undefined where none is there, or a part of it is not. */
export async function findKeyring(folder: string): Promise<Keyring | undefined> {
  const fingerprint = (await readIfThere(join(folder, 'fingerprint')))?.trim();
  const publicKey = await readIfThere(join(folder, 'public-key.asc'));
  if (fingerprint === undefined || publicKey === undefined) return undefined;
  return { folder, fingerprint, publicKey };
}
