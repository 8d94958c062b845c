import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BdeError } from '../../errors/bde-error.js';
import { withFileLock } from '../file-lock.js';
import { lstatIfThere } from '../if-there.js';
import { repoFailed } from '../repo-error.js';
import { sha256OfFile } from '../sha256-of-file.js';
import { runTool, type ToolResult } from '../run-tool.js';
import { writeAtomically } from '../write-atomically.js';
import { parsePrintedUris, type DebianPackage } from './debian-package.js';

/** Package lists older than this are fetched again before a build; a build that can do with them needs no network. */
const LISTS_MAX_AGE_MS = 24 * 3600 * 1000;

/** How apt ends when it could not do what it was asked. */
const APT_FAILED = 100;

/** Debian packages from the sources of the host's apt, by way of folders of our own: the host's apt state stays as it is. */
export class DebianArchive {
  readonly #folder: string;

  /** `folder` is the cache that all homes of the host share. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The current version of each package, in the order asked for. `refresh` asks the sources for news.
   *
   * @throws BdeError `REPO_FAILED` naming those that no source has
   */
  async resolve(names: readonly string[], refresh: boolean): Promise<readonly DebianPackage[]> {
    if (names.length === 0) return [];
    return withFileLock(join(this.#folder, 'apt.lock'), async () => {
      const update = await this.#updateLists(refresh);
      const { stdout, stderr } = await this.#apt(['--print-uris', 'download', ...names]);
      const found = new Map(parsePrintedUris(stdout).map((each) => [each.name, each]));
      const lost = names.filter((name) => !found.has(name));
      if (lost.length > 0) throw unresolved(lost, update ?? stderr);
      return names.flatMap((name) => found.get(name) ?? []);
    });
  }

  /**
   * Paths of the package files, in the same order; those that the cache lacks are downloaded.
   *
   * @throws BdeError `REPO_FAILED` when one cannot be had or is not the one that the sources signed
   */
  async fetch(packages: readonly DebianPackage[]): Promise<readonly string[]> {
    const lacking = [];
    for (const each of packages) if (!(await this.#isCached(each))) lacking.push(each);
    if (lacking.length > 0) await this.#download(lacking);
    return packages.map((each) => this.#path(each));
  }

  /** Undefined when the lists are good; else what apt said, for the error that may follow from lists that are not there. */
  async #updateLists(refresh: boolean): Promise<string | undefined> {
    const stamp = join(this.#folder, 'apt', 'updated');
    if (!refresh && Date.now() - ((await lstatIfThere(stamp))?.mtimeMs ?? 0) < LISTS_MAX_AGE_MS) return undefined;
    await writeAtomically(join(this.#folder, 'apt', 'status'), '');
    await mkdir(join(this.#folder, 'apt', 'lists', 'partial'), { recursive: true });
    const { exitCode, stderr } = await this.#apt(['update']);
    if (exitCode !== 0) return stderr;
    await writeAtomically(stamp, '');
    return undefined;
  }

  async #download(packages: readonly DebianPackage[]): Promise<void> {
    await mkdir(join(this.#folder, 'debs'), { recursive: true });
    const draft = await mkdtemp(join(this.#folder, 'debs', '.draft-'));
    try {
      const wanted = packages.map(({ name, version }) => `${name}=${version}`);
      const { exitCode, stderr } = await this.#apt(['download', ...wanted], draft);
      if (exitCode !== 0) throw unfetched(packages, stderr);
      await this.#takeOver(draft, packages);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }

  async #takeOver(draft: string, packages: readonly DebianPackage[]): Promise<void> {
    const files = await readdir(draft);
    for (const each of packages) {
      const path = join(draft, each.fileName);
      if (!files.includes(each.fileName) || (await sha256OfFile(path)) !== each.sha256) {
        throw unfetched([each], `${each.fileName} is not there or has another sha256 than ${each.sha256}`);
      }
      await rename(path, this.#path(each));
    }
  }

  async #isCached(each: DebianPackage): Promise<boolean> {
    const path = this.#path(each);
    return (await lstatIfThere(path))?.size === each.sizeBytes && (await sha256OfFile(path)) === each.sha256;
  }

  #path(each: DebianPackage): string {
    return join(this.#folder, 'debs', each.fileName);
  }

  #apt(args: readonly string[], cwd?: string): Promise<ToolResult> {
    const apt = join(this.#folder, 'apt');
    const settings = {
      'Dir::State': join(apt, 'state'),
      'Dir::State::lists': join(apt, 'lists'),
      'Dir::State::status': join(apt, 'status'),
      'Dir::Cache': join(apt, 'cache'),
      'Acquire::Languages': 'none',
      'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
      // apt's own user may not enter our folders, and reads nothing here that it should not.
      'APT::Sandbox::User': 'root',
    };
    const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
    return runTool(['apt-get', '-q', ...options, ...args], { ...(cwd && { cwd }), accepts: [0, APT_FAILED] });
  }
}

function unresolved(names: readonly string[], said: string): BdeError {
  return repoFailed(`The host's apt sources have no package ${names.join(', ')}: ${lastLine(said)}`, {
    hint: 'See that `apt-get update` works and that the sources have Debian 12; then build again.',
    data: { packages: names, apt: said },
  });
}

function unfetched(packages: readonly DebianPackage[], said: string): BdeError {
  const names = packages.map(({ name }) => name).join(', ');
  return repoFailed(`Debian packages could not be fetched (${names}): ${lastLine(said)}`, {
    hint: 'See that the host reaches its apt sources, then build again.',
    data: { packages: packages.map(({ fileName }) => fileName), apt: said },
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
