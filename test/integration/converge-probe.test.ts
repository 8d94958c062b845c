import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { compileProbe } from '../../src/cookbook/compile-probe.js';
import { compileInput, makeCookbook } from '../unit/cookbook/cookbook-support.js';

const run = (command: string, timeoutSeconds = 5) => {
  const role = { summary: 'x', runList: [], ready: { probe: { command, timeoutSeconds } } };
  const cookbook = makeCookbook('demo', { 'roles/demo.yaml': JSON.stringify(role) });
  const probe = compileProbe(compileInput(), [cookbook], 'ready');
  const { status, stdout } = spawnSync('sh', ['-c', probe?.text ?? ''], { encoding: 'utf8' });
  return { status, stdout };
};

describe('a compiled probe', () => {
  it('gives the exit status and all that the command says', () => {
    expect(run('echo {{node.address}} "it\'s" >&2; exit 3')).toEqual({ status: 3, stdout: "10.0.0.10 it's\n" });
  });

  it('keeps the last 4 KiB of what a probe prints', () => {
    const { status, stdout } = run('seq 100000');

    expect(status).toBe(0);
    expect(stdout).toHaveLength(4096);
    expect(stdout.endsWith('99999\n100000\n')).toBe(true);
  });

  it('ends a probe that hangs', () => {
    expect(run('sleep 60', 1).status).toBe(124);
  });

  it('gives the command nothing to read', () => {
    expect(run('cat; echo done').stdout).toBe('done\n');
  });
});
