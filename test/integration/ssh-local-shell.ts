import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Digest, RunId } from '../../src/errors/ids.js';
import { Secret } from '../../src/errors/secret.js';
import type { RunEnd, RunRequest } from '../../src/engine/ports/nodes.js';
import type { KeptConnection } from '../../src/ssh/kept-connection.js';
import { openNodeShell, SHELL_COMMAND, type NodeShell, type ShellChannel } from '../../src/ssh/node-shell.js';
import { runOnNode } from '../../src/ssh/run-on-node.js';

/** The shells that a node's `sh` may be. */
export const SHELLS = { dash: '/usr/bin/dash', busybox: '/usr/bin/busybox', bash: '/usr/bin/bash' } as const;
export type ShellName = keyof typeof SHELLS;

/** A local process as a channel: what sshd does, without sshd. */
export interface LocalShells {
  /** Prefix of `/var/lib/bde` and `/run/bde`. */
  readonly root: string;
  readonly dir: string;
  readonly connection: KeptConnection;
  open(): Promise<NodeShell>;
  channel(): ShellChannel & { readonly pid: number };
  run(request: Partial<RunRequest> & { readonly body: string }, options?: LocalRunOptions): Promise<LocalRun>;
  /** Stops what was opened. */
  dispose(): Promise<void>;
}

export interface LocalRunOptions {
  readonly lockSeconds?: number;
  readonly onLine?: (line: string) => void;
}

export interface LocalRun {
  readonly end: RunEnd;
  readonly lines: readonly string[];
}

/** Shells of one kind with a `PATH` whose `sh` is that kind; busybox brings its own `tail` too. */
export async function makeLocalShells(name: ShellName): Promise<LocalShells> {
  const folder = await mkdtemp(join(tmpdir(), `bde-${name}-`));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await symlink(SHELLS[name], join(bin, 'sh'));
  if (name === 'busybox') await symlink(SHELLS.busybox, join(bin, 'tail'));
  const root = join(folder, 'root');
  const channels = new Set<ShellChannel>();

  const channel = (): ShellChannel & { pid: number } => {
    const child = spawn(join(bin, 'sh'), ['-c', SHELL_COMMAND], {
      env: { ...process.env, PATH: `${bin}:/usr/bin:/bin` },
    });
    const opened: ShellChannel & { pid: number } = {
      pid: child.pid!,
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      onClose: (callback) => void child.once('close', callback),
      close() {
        child.stdin.destroy();
        child.stdout.destroy();
        child.stderr.destroy();
      },
    };
    child.once('close', () => channels.delete(opened));
    channels.add(opened);
    return opened;
  };
  const open = (): Promise<NodeShell> => openNodeShell(channel(), { node: 'local', root });
  const connection: KeptConnection = {
    use: async (_, work) => {
      const shell = await open();
      try {
        return await work(shell);
      } finally {
        shell.close();
      }
    },
    repeat: (work) => connection.use('control', (shell) => work(shell, 1)),
    close: () => undefined,
  };
  return {
    root,
    dir: join(root, 'var/lib/bde'),
    connection,
    open,
    channel,
    async run({ body, ...change }, { lockSeconds = 10, onLine } = {}) {
      const lines: string[] = [];
      const request = requestLocalRun({ script: new Secret(body), ...change });
      const end = await runOnNode(connection, {
        node: 'local',
        runId: request.runId,
        request,
        lockSeconds,
        onLine(line) {
          lines.push(line);
          onLine?.(line);
        },
        signal: new AbortController().signal,
      });
      return { end, lines };
    },
    async dispose() {
      for (const one of channels) one.close();
      await until(() => channels.size === 0);
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    },
  };
}

export function requestLocalRun(change: Partial<RunRequest>): RunRequest {
  return {
    runId: '01RUNA' as RunId,
    epoch: 1,
    key: 'zookeeper',
    digest: 'd1' as Digest,
    mode: 'apply',
    script: new Secret(''),
    timeoutMs: 20_000,
    ...change,
  };
}

/** Waits until the condition holds, 20 s at most. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (await condition()) return;
    await pause(20);
  }
  throw new Error(`waited in vain for: ${condition.toString()}`);
}

/** Names in a folder, sorted; none where there is no folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

/** Content of a text file, or empty. */
export async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

/** True while a process of that id is there and no zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await textOf(`/proc/${pid}/stat`);
  return stat !== '' && !/\) Z /.test(stat);
}

/** A text that the pattern fits, inside of an expected object. */
export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
