import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Guard } from '../../engine/ports/guard.js';
import { Secret } from '../../errors/secret.js';
import { withFileLock } from '../file-lock.js';
import { listIfThere, lstatIfThere, readIfThere } from '../if-there.js';
import type { MirrorPaths } from '../mirror-paths.js';
import { repoFailed } from '../repo-error.js';
import { writeAtomically } from '../write-atomically.js';
import { ensurePrivateFolder } from './private-folder.js';

/** Everything that a mirror's trust is made of, as it lies on disk. */
interface TrustFiles {
  readonly formatVersion: 1;
  /** Folder below the mirror's by its files, each in base64. */
  readonly folders: Readonly<Record<FolderName, Readonly<Record<string, string>>>>;
}

const FOLDERS = ['trust', 'gpg/mirror', 'gpg/rehearsal'] as const;
type FolderName = (typeof FOLDERS)[number];

/** The file of each folder that tells which key it is. */
const TELLING: Readonly<Record<FolderName, string>> = {
  trust: 'authority.pem',
  'gpg/mirror': 'fingerprint',
  'gpg/rehearsal': 'fingerprint',
};

/** Made again by whoever needs them: sockets, locks and seeds of gpg, the certificate for one address. */
const PASSING = /(^|\/)(S\.[^/]*|[^/]*\.lock|[^/]*~|\.#[^/]*|random_seed|server\.pem)$/;

/** The files of the keys that are there, as one text; null where they were not all made yet. */
export async function packTrust({ folder }: MirrorPaths): Promise<Secret | null> {
  const telling = await Promise.all(FOLDERS.map((name) => lstatIfThere(join(folder, name, TELLING[name]))));
  if (telling.includes(undefined)) return null;
  const folders = Object.fromEntries(
    await Promise.all(FOLDERS.map(async (name) => [name, await readFiles(join(folder, name))] as const)),
  ) as TrustFiles['folders'];
  return new Secret(JSON.stringify({ formatVersion: 1, folders } satisfies TrustFiles));
}

/**
 * Puts the files of `packTrust` back, folder by folder, each whole or not at all. What is there already stays.
 *
 * @throws BdeError `REPO_FAILED` where other keys are there and `replace` is not set
 */
export async function unpackTrust(
  packed: Secret,
  { paths, replace, now }: { readonly paths: MirrorPaths; readonly replace: boolean; readonly now: () => number },
  guard: Guard,
): Promise<void> {
  const { folders } = parsePacked(packed);
  await guard();
  await ensurePrivateFolder(paths.folder);
  const strangers = await findStrangers(folders, paths);
  if (strangers.length > 0) {
    if (!replace) throw otherKeys(paths, strangers);
    await setAside(paths, now());
    await ensurePrivateFolder(paths.folder);
  }
  await withFileLock(paths.trustLock, async () => {
    for (const name of FOLDERS) {
      await guard();
      await putFolder(join(paths.folder, name), folders[name]);
    }
  });
}

function parsePacked(packed: Secret): TrustFiles {
  const files = JSON.parse(packed.reveal()) as Partial<TrustFiles>;
  if (files.formatVersion === 1 && FOLDERS.every((name) => files.folders?.[name] !== undefined))
    return files as TrustFiles;
  throw repoFailed('The mirror keys that are to be put back are of a format that this bde does not know.', {
    hint: 'Use the bde that wrote them.',
  });
}

async function readFiles(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !PASSING.test(path))
    .sort();
  return Object.fromEntries(
    await Promise.all(
      files.map(async (path) => [path, (await readFile(join(folder, path))).toString('base64')] as const),
    ),
  );
}

/** Folders that hold another key than the one to be put there. */
async function findStrangers(folders: TrustFiles['folders'], paths: MirrorPaths): Promise<readonly FolderName[]> {
  const found = await Promise.all(
    FOLDERS.map(async (name) => {
      const there = await readIfThere(join(paths.folder, name, TELLING[name]));
      const wanted = Buffer.from(folders[name][TELLING[name]] ?? '', 'base64').toString('utf8');
      return there !== undefined && there !== wanted ? [name] : [];
    }),
  );
  return found.flat();
}

/** Packages that operators brought are theirs, whatever key signs them. */
async function setAside(paths: MirrorPaths, nowMs: number): Promise<void> {
  const aside = `${paths.folder}.replaced-${String(nowMs)}`;
  await rename(paths.folder, aside);
  await ensurePrivateFolder(paths.folder);
  const brought = join(aside, basename(paths.incoming));
  if ((await lstatIfThere(brought)) !== undefined) await rename(brought, paths.incoming);
}

async function putFolder(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  if ((await listIfThere(folder)).length > 0) return;
  const draft = `${folder}.restored-${String(process.pid)}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(draft, path)), { recursive: true, mode: 0o700 });
    await writeAtomically(join(draft, path), Buffer.from(content, 'base64'), 0o600);
  }
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}

function otherKeys({ folder }: MirrorPaths, strangers: readonly string[]): Error {
  return repoFailed(
    `The mirror in ${folder} has other keys already (${strangers.join(', ')}), and clusters trust them.`,
    {
      hint: 'Put these keys into a home of their own: set BDE_HOME to another folder.',
      subject: { file: folder },
    },
  );
}
