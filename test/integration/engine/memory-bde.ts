import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { bundleCli } from '../../../scripts/bundle-cli.mjs';

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** How a command ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is under way. */
export interface Running {
  /** Sends a signal to it alone. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves once stderr holds the text. */
  said(text: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

type Environment = Readonly<Record<string, string>>;

/** The whole CLI as a real program, over a world of files. */
export interface MemoryBde {
  /** A world, home and identity of its own, nothing in them. */
  newWorld(repos?: Readonly<Record<string, unknown>>): MemoryWorldPaths;
  /** One that is as another is now. */
  copyWorld(world: MemoryWorldPaths): MemoryWorldPaths;
  /** `input` is what it reads on standard input; nothing unless it is given. */
  run(world: MemoryWorldPaths, argv: readonly string[], env?: Environment, input?: string): Promise<Ended>;
  /** What starts a command, for those who have to start it in another way. */
  commandOf(
    world: MemoryWorldPaths,
    argv: readonly string[],
  ): { readonly command: string[]; readonly env: NodeJS.ProcessEnv };
  start(world: MemoryWorldPaths, argv: readonly string[], env?: Environment): Running;
  /** Ends what still runs, and removes everything. */
  remove(): Promise<void>;
}

export interface MemoryWorldPaths {
  readonly dir: string;
  readonly world: string;
  readonly home: string;
}

/** Sends every import of the composition root to the one over fakes. */
const swapWire: Plugin = {
  name: 'swap-wire',
  setup(build) {
    build.onResolve({ filter: /\/wire\.js$/ }, ({ importer }) =>
      importer.endsWith('memory-wire.ts') ? undefined : { path: join(ROOT, 'test/fakes/memory-wire.ts') },
    );
  },
};

/** Bundles the CLI with the fakes into a folder of its own, beside the shipped data; `files` come on top of those. */
export async function buildMemoryBde(files: Readonly<Record<string, string>> = {}): Promise<MemoryBde> {
  const root = mkdtempSync(join(tmpdir(), 'bde-memory-'));
  for (const name of ['specs', 'distros', 'cookbooks', 'repos']) {
    cpSync(join(ROOT, name), join(root, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  mkdirSync(join(root, 'dist'));
  await bundleCli(join(root, 'dist'), [swapWire]);
  const running = new Set<Running>();
  const start = (world: MemoryWorldPaths, argv: readonly string[], env: Environment = {}, input = ''): Running => {
    const started = startBde(join(root, 'dist', 'main.js'), { world, argv, env, input });
    running.add(started);
    void started.ended.finally(() => running.delete(started));
    return started;
  };
  return {
    newWorld: (repos = {}) => newWorld(root, repos),
    copyWorld(world) {
      const copy = newWorld(root, {});
      cpSync(world.dir, copy.dir, { recursive: true });
      return copy;
    },
    commandOf: (world, argv) => ({
      command: [process.execPath, join(root, 'dist', 'main.js'), ...argv],
      env: environmentOf(world, {}),
    }),
    start,
    run: (world, argv, env, input) => start(world, argv, env, input).ended,
    async remove() {
      const left = [...running];
      for (const each of left) each.kill('SIGKILL');
      await Promise.all(left.map((each) => each.ended));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function newWorld(root: string, repos: Readonly<Record<string, unknown>>): MemoryWorldPaths {
  const dir = mkdtempSync(join(root, 'world-'));
  const paths = { dir, world: join(dir, 'world'), home: join(dir, 'home') };
  mkdirSync(paths.world);
  writeFileSync(join(paths.world, 'repos.json'), JSON.stringify(repos));
  return paths;
}

function startBde(
  main: string,
  given: {
    readonly world: MemoryWorldPaths;
    readonly argv: readonly string[];
    readonly env: Environment;
    readonly input: string;
  },
): Running {
  const { world, argv, env, input } = given;
  const child = spawn(process.execPath, [main, ...argv], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environmentOf(world, env),
  });
  // A command that reads nothing may be gone before it could.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const textOf = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString();
  return {
    kill: (signal) => void child.kill(signal),
    said: (text) => untilSaid(child, text, () => textOf(stderr)),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => {
        resolve({ exitCode, signal, stdout: textOf(stdout), stderr: textOf(stderr) });
      });
    }),
  };
}

function environmentOf({ dir, world, home }: MemoryWorldPaths, env: Environment): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: dir,
    BDE_HOME: home,
    BDE_IDENTITY: join(dir, 'identity'),
    BDE_TEST_WORLD: world,
    BDE_PROVIDER: 'memory',
    ...env,
  };
}

function untilSaid(child: ChildProcess, text: string, said: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (said().includes(text)) resolve();
    };
    child.stderr?.on('data', look);
    child.once('close', () => reject(new Error(`ended without saying ${JSON.stringify(text)}:\n${said()}`)));
    look();
  });
}
