import { build } from 'esbuild';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mirror } from '../../src/engine/ports/mirror.js';
import type { TemplateShell } from '../../src/engine/ports/provider.js';
import { createMirror, type MirrorOptions } from '../../src/repo/create-mirror.js';
import { createTrustingTemplateShell } from '../fakes/trusting-template-shell.js';

/** Repos that build within a second and need no network: every package is made of written files alone. */
const PROJECT: Readonly<Record<string, string>> = {
  'repos/library/repo.yaml': 'formatVersion: 1\nsummary: A library\npackages: [library]\n',
  'repos/library/build.yaml': packageFile('library', []),
  'repos/tool/repo.yaml': 'formatVersion: 1\nsummary: A tool\npackages: [tool]\nrequires: [library]\n',
  'repos/tool/build.yaml': packageFile('tool', ['library']),
  'repos/vendor/repo.yaml': 'formatVersion: 1\nsummary: Of a vendor\npackages: [vendor-tool]\nrehearsal: [vendor]\n',
  'cookbooks/vendor/rehearsal/build.yaml': packageFile('vendor-tool', []),
};

/** The text of a build.yaml with one small package. */
export function packageFile(name: string, requires: readonly string[]): string {
  return [
    'formatVersion: 1',
    'packages:',
    `  - name: ${name}`,
    `    summary: The package ${name}`,
    '    license: Apache-2.0',
    '    version: "1.0"',
    `    requires: [${requires.join(', ')}]`,
    '    files:',
    `      - { path: /usr/share/${name}/text, content: "${name}\\n" }`,
    '',
  ].join('\n');
}

/** A project and a home in a folder of their own, with whatever mirrors are opened on them. */
export class MirrorSandbox {
  readonly folder: string;
  readonly home: string;
  readonly projectRoot: string;
  readonly cacheFolder: string;
  readonly homeKey = randomBytes(4).toString('hex');
  readonly #opened: Mirror[] = [];
  readonly #helper: string;

  private constructor(folder: string, helper: string) {
    this.folder = folder;
    this.home = join(folder, 'home', 'mirror');
    this.projectRoot = join(folder, 'project');
    this.cacheFolder = join(folder, 'cache');
    this.#helper = helper;
  }

  /** With `trustOf`, the keys of that one's home are taken over: making new ones takes a second. */
  static async make(trustOf?: MirrorSandbox): Promise<MirrorSandbox> {
    const folder = await mkdtemp(join(tmpdir(), 'bde-mirror-'));
    const sandbox = new MirrorSandbox(folder, await bundleProgram('mirror-helper-program.ts', folder));
    await mkdir(dirname(sandbox.home), { recursive: true });
    if (trustOf !== undefined) {
      await trustOf.open().ensureTrust(() => Promise.resolve());
      for (const part of ['trust', 'gpg']) {
        await cp(join(trustOf.home, part), join(sandbox.home, part), { recursive: true });
      }
    }
    for (const [path, text] of Object.entries(PROJECT)) await sandbox.write(path, text);
    return sandbox;
  }

  /** Writes a file of the project. */
  async write(path: string, content: string | Buffer): Promise<string> {
    const file = join(this.projectRoot, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  }

  open(given: Partial<MirrorOptions> = {}): Mirror {
    const mirror = createMirror({
      home: this.home,
      homeKey: this.homeKey,
      projectRoot: this.projectRoot,
      templateShell: this.templateShell,
      helperCommand: [process.execPath, this.#helper],
      version: '0.0.0-test',
      cacheFolder: this.cacheFolder,
      ...given,
    });
    this.#opened.push(mirror);
    return mirror;
  }

  get templateShell(): TemplateShell {
    return createTrustingTemplateShell();
  }

  /** Ends the helper, if any, and removes everything. */
  async dispose(): Promise<void> {
    try {
      await Promise.all(this.#opened.map((mirror) => mirror.stop()));
    } finally {
      await rm(this.folder, { recursive: true, force: true });
    }
  }
}

/** One file of this folder as a program that plain node runs; its path. */
export async function bundleProgram(name: string, folder: string): Promise<string> {
  const outfile = join(folder, name.replace(/\.ts$/, '.cjs'));
  await build({
    entryPoints: [join(dirname(fileURLToPath(import.meta.url)), name)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    loader: { '.sh': 'text' },
    logLevel: 'error',
  });
  return outfile;
}

/** What the mirror answers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Asks the mirror for exactly this path, as a node with this CA certificate would. */
export function ask(
  url: string,
  path: string,
  given: { readonly ca: string; readonly headers?: Readonly<Record<string, string>> },
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const headers = { ...given.headers };
    get({ hostname, port, path, ca: given.ca, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    }).on('error', reject);
  });
}
