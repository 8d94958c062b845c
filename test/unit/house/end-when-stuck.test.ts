import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endWhenStuck } from '../../../scripts/end-when-stuck.mjs';

let folder: string;
let running: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bde-stuck-'));
  running = join(folder, 'unit.running');
});

afterEach(() => rmSync(folder, { recursive: true }));

function start(program: string): ChildProcess {
  return spawn(process.execPath, ['-e', program, folder], { stdio: ['ignore', 'inherit', 'inherit'] });
}

describe('endWhenStuck', () => {
  it('kills a process that tells nothing any more, with the child that never gives way', async () => {
    const child = start(`
      const worker = "require('fs').writeFileSync(process.argv[1] + '/pid', String(process.pid)); for (;;);";
      require('child_process').spawn(process.execPath, ['-e', worker, process.argv[1]]);
    `);
    writeFileSync(running, 'a.test.ts\na.test.ts > goes on for ever\n');
    const told: string[] = [];
    const isThere = () => existsSync(join(folder, 'pid')) && readFileSync(join(folder, 'pid'), 'utf8') !== '';
    await expect.poll(isThere, { timeout: 30_000 }).toBe(true);

    endWhenStuck(child, { running, stuckMs: 50, everyMs: 10, onStuck: (tests: string[]) => told.push(...tests) });

    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect(told).toEqual(['a.test.ts', 'a.test.ts > goes on for ever']);
    const worker = `/proc/${readFileSync(join(folder, 'pid'), 'utf8')}`;
    await expect.poll(() => existsSync(worker), { timeout: 30_000 }).toBe(false);
  });

  it('leaves one alone that goes on telling', async () => {
    const child = start(`
      let left = 20;
      const timer = setInterval(() => {
        require('fs').writeFileSync(process.argv[1] + '/unit.running', String(left));
        if (--left === 0) clearInterval(timer);
      }, 20);
    `);
    const told: string[] = [];
    await expect.poll(() => existsSync(running), { timeout: 30_000 }).toBe(true);

    endWhenStuck(child, { running, stuckMs: 10_000, everyMs: 10, onStuck: (tests: string[]) => told.push(...tests) });

    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(told).toEqual([]);
  });
});
