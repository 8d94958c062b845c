import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PROGRAM = join(import.meta.dirname, 'live-view-program.ts');
const run = promisify(execFile);

let folder: string;

/** A tmux server of our own, without the user's settings. */
async function tmux(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('tmux', ['-S', join(folder, 'socket'), '-f', '/dev/null', '-u', ...args]);
  return stdout;
}

/** The screen, or with `-S -` the scrollback too; lines without what is empty at the end. */
async function captureLines(...args: readonly string[]): Promise<string[]> {
  return (await tmux('capture-pane', '-p', ...args)).trimEnd().split('\n');
}

async function waitForLines(isExpected: (lines: string[]) => boolean, ...args: readonly string[]): Promise<string[]> {
  let lines: string[] = [];
  for (let attempt = 0; attempt < 200; attempt += 1) {
    lines = await captureLines(...args);
    if (isExpected(lines)) return lines;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`the screen never came to this:\n${lines.join('\n')}`);
}

async function tell(...events: readonly object[]): Promise<void> {
  await appendFile(join(folder, 'events'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

function cloneOf(index: number, state: string, more: object = {}) {
  const node = `big-worker-${index}`;
  return { at: 30_000, stepId: `clone:${node}`, kind: 'clone', node, state, ...more };
}

const NODES = Array.from({ length: 50 }, (_, index) => index + 1);
const LONG_REASON =
  'zookeeper on big-zookeeper-3 waits for quorum: 1 of 2, and has been waiting for a very long time now';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-live-'));
  const program = join(folder, 'program.mjs');
  await build({ entryPoints: [PROGRAM], outfile: program, bundle: true, format: 'esm', platform: 'node' });
  await writeFile(join(folder, 'events'), '');
  const command = `${process.execPath} ${program} ${join(folder, 'events')}; read -r wait`;
  await tmux('new-session', '-d', '-x', '80', '-y', '24', command);
});

afterEach(async () => {
  await tmux('kill-server');
  await rm(folder, { recursive: true, force: true });
});

describe('the live view in a real terminal', () => {
  it('shows fifty nodes on a screen of 80 by 24', async () => {
    await tell(...NODES.map((index) => cloneOf(index, 'running')), cloneOf(7, 'failed', { why: 'no space left' }));

    const lines = await waitForLines(
      (seen) => seen.at(-1)?.startsWith('… and 29 more') === true && seen[1]?.startsWith('✗') === true,
    );

    expect(lines).toHaveLength(23);
    expect(lines.slice(0, 3)).toEqual([
      'create big · 1 of 50 steps · 0:30',
      '✗ big-worker-7   clone  0:00  failed: no space left',
      '▸ big-worker-1   clone  0:30',
    ]);
    expect(lines.at(-1)).toBe('… and 29 more: 29 running');
  });

  it('draws every line once more when the window shrinks and grows', async () => {
    await tell(...NODES.map((index) => cloneOf(index, 'waiting', { why: LONG_REASON })));
    await waitForLines((seen) => seen.length === 23);

    await tmux('resize-window', '-x', '60', '-y', '20');
    const small = await waitForLines((seen) => seen.at(-1) === '… and 33 more: 33 waiting');
    await tmux('resize-window', '-x', '100', '-y', '40');
    const large = await waitForLines((seen) => seen.at(-1) === '… and 13 more: 13 waiting');

    expect(small).toHaveLength(19);
    expect(small[1]).toBe('◦ big-worker-1   clone  0:30  waits: zookeeper on big-zook…');
    expect(small.slice(1, -1).every((line, index) => line.startsWith(`◦ big-worker-${index + 1} `))).toBe(true);
    expect(large).toHaveLength(39);
    expect(large.slice(1, -1).every((line, index) => line.startsWith(`◦ big-worker-${index + 1} `))).toBe(true);
  });

  it('leaves the final lines once and nothing of the frames', async () => {
    await tell(...NODES.map((index) => cloneOf(index, 'running')));
    await waitForLines((seen) => seen.length === 23);
    await tmux('resize-window', '-x', '60', '-y', '20');
    await waitForLines((seen) => seen.length === 19);

    await tell(...NODES.map((index) => cloneOf(index, 'done', { at: 42_000 })));
    await appendFile(join(folder, 'events'), 'end\n');
    const lines = await waitForLines((seen) => seen.at(-1) === 'after the view', '-S', '-');

    const expected = NODES.map((index) => `✓ big-worker-${String(index).padEnd(2)}  done  0:12`);
    expect(lines).toEqual(['before the view', ...expected, 'after the view']);
  });

  it('keeps wide characters inside the columns', async () => {
    await tell(cloneOf(1, 'failed', { why: '磁盘已满'.repeat(20) }));

    const lines = await waitForLines((seen) => seen[1]?.includes('磁盘') === true);

    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^✗ big-worker-1 {2}clone {4}failed: [磁盘已满]{22}…$/);
  });
});
