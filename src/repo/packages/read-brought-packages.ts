import { join } from 'node:path';
import { listIfThere, lstatIfThere, readIfThere } from '../if-there.js';
import { reasonOf, repoFailed } from '../repo-error.js';
import { sha256OfFile } from '../sha256-of-file.js';
import { runTool } from '../run-tool.js';
import { readRpm } from './read-rpm.js';
import type { RpmFile } from './rpm-file.js';

const SUMS = 'SHA256SUMS';

/** RPM's names for what Node says of this host. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** What tells, without reading the files, that something in the folders is new: names, sizes, times. */
export async function stampBroughtPackages(folders: readonly string[]): Promise<readonly (string | number)[]> {
  const stamps: (string | number)[] = [];
  for (const folder of folders) {
    for (const name of await listIfThere(folder)) {
      if (!name.endsWith('.rpm') && name !== SUMS) continue;
      const facts = await lstatIfThere(join(folder, name));
      if (facts !== undefined) stamps.push(name, facts.size, facts.mtimeMs);
    }
  }
  return stamps;
}

/** Names of the packages that operators put into these folders; files that are no RPM are left to {@link readBroughtPackages}. */
export async function namesOfBroughtPackages(folders: readonly string[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const path of await rpmPaths(folders)) {
    const facts = await readRpm(path).catch(() => undefined);
    if (facts !== undefined) names.add(facts.name);
  }
  return names;
}

/**
 * The RPMs that operators put into these folders, verified: whole by their own digests, for this architecture, and as
 * `SHA256SUMS` says where that file is there.
 *
 * @throws BdeError `REPO_FAILED` naming the first file that is not right
 */
export async function readBroughtPackages(folders: readonly string[]): Promise<readonly RpmFile[]> {
  for (const folder of folders) await checkSums(folder);
  const files: RpmFile[] = [];
  for (const path of await rpmPaths(folders)) files.push(await readVerified(path));
  return files;
}

async function rpmPaths(folders: readonly string[]): Promise<readonly string[]> {
  const lists = await Promise.all(
    folders.map(async (folder) => (await listIfThere(folder)).map((name) => join(folder, name))),
  );
  return lists.flat().filter((path) => path.endsWith('.rpm'));
}

async function readVerified(path: string): Promise<RpmFile> {
  const facts = await readRpm(path);
  const native = ARCHITECTURES[process.arch] ?? process.arch;
  if (facts.isSource || !['noarch', native].includes(facts.architecture)) {
    const kind = facts.isSource ? 'a source package' : `for ${facts.architecture}`;
    throw unfit(path, `it is ${kind}; nodes take noarch and ${native}`);
  }
  try {
    // Digests alone: whose signature it bears does not matter, for it gets ours.
    await runTool(['rpmkeys', '--checksig', '--nosignature', path]);
  } catch (cause) {
    throw unfit(path, 'its content is not what its header says', cause);
  }
  return { ...facts, path };
}

async function checkSums(folder: string): Promise<void> {
  const text = await readIfThere(join(folder, SUMS));
  if (text === undefined) return;
  const sums = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, sum, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (sum !== undefined && name !== undefined) sums.set(name, sum);
  }
  for (const name of (await listIfThere(folder)).filter((each) => each.endsWith('.rpm'))) {
    const path = join(folder, name);
    const wanted = sums.get(name);
    if (wanted === undefined) throw unfit(path, `${SUMS} beside it does not name it`);
    const found = await sha256OfFile(path);
    if (found !== wanted) throw unfit(path, `its sha256 is ${found}, and ${SUMS} says ${wanted}`);
  }
}

function unfit(path: string, why: string, cause?: unknown): Error {
  return repoFailed(`${path} cannot be taken into the repo: ${why}.`, {
    hint: 'Bring the file anew, or remove it, then build again.',
    subject: { file: path },
    cause,
    data: cause === undefined ? {} : { rpmkeys: reasonOf(cause) },
  });
}
