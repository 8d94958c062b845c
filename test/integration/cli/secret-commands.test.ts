import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildMemoryBde, type Ended, type MemoryBde, type MemoryWorldPaths } from '../engine/memory-bde.js';
import { openStoredSecret, VAULT, vaultSpec } from '../engine/vault-cookbook.js';
import { forEachTwo, listPoints } from '../engine/zookeeper-cluster.js';
import { loadJsonSchemas } from './json-schemas.js';

const PASSWORD = 'cluster.vault.password';
const KEY = 'generated.vault.key';
const FIRST = 'the-first-password';

const misfits = loadJsonSchemas();
let bde: MemoryBde;
/** A world with a running cluster, which nobody changes; tests take copies. */
let made: MemoryWorldPaths;
let world: MemoryWorldPaths;

beforeAll(async () => {
  bde = await buildMemoryBde(VAULT);
  made = bde.newWorld();
  const spec = join(made.dir, 'spec.json');
  writeFileSync(spec, vaultSpec({ password: FIRST, token: 'the-token' }));
  const created = await bde.run(made, ['cluster', 'create', 'lab', '--spec', spec, '--json']);
  expect(created.exitCode, created.stderr).toBe(0);
});

beforeEach(() => {
  world = bde.copyWorld(made);
});

afterAll(() => bde.remove());

const run = (...argv: readonly string[]): Promise<Ended> => bde.run(world, argv);
const set = (value: string, ...flags: readonly string[]): Promise<Ended> =>
  bde.run(world, ['secret', 'set', 'lab', 'vault.password', ...flags], {}, value);
const value = (name: string): Promise<string> => openStoredSecret(world, 'lab', name);

/** The ids of the steps that a change would have, those of members too. */
function planned({ stdout }: Ended): readonly string[] {
  const { plan } = JSON.parse(stdout) as {
    plan: { steps: { id: string; members?: { steps: { id: string }[] }[] }[] };
  };
  return plan.steps.flatMap((step) => [
    step.id,
    ...(step.members ?? []).flatMap((each) => each.steps.map(({ id }) => id)),
  ]);
}

describe('bde secret list', () => {
  it('says where each secret comes from and who needs it, and no value', async () => {
    const listed = await run('secret', 'list', 'lab', '--json');

    expect(misfits('secret#list', listed.stdout)).toEqual([]);
    const users = { setAt: expect.stringMatching(/^20/) as string, roles: ['vault'], nodes: ['lab-v-0', 'lab-v-1'] };
    expect(JSON.parse(listed.stdout)).toMatchObject({
      cluster: 'lab',
      waiting: [],
      secrets: [
        { name: PASSWORD, origin: 'spec', source: 'configuration.vault.password', rotates: false, ...users },
        { name: KEY, origin: 'generated', source: 'vault.key', rotates: true, ...users },
        {
          name: 'group.v.vault.token',
          origin: 'spec',
          source: 'nodeGroups.v.configuration.vault.token',
          rotates: false,
          ...users,
        },
      ],
    });
    expect(listed.stdout).not.toContain(FIRST);
  });

  it('shows people a table', async () => {
    const { stdout } = await run('secret', 'list', 'lab');

    expect(stdout).toMatch(/^NAME +ORIGIN +SOURCE +SET AT +ROLES +NODES\n/);
    expect(stdout).toMatch(/^generated\.vault\.key +generated +vault\.key +\S+ +vault +lab-v-0,lab-v-1$/m);
  });
});

describe('bde secret set', () => {
  it('takes the value from standard input, less the line end, and rolls it out', async () => {
    const preview = await set('the-second-password\n', '--plan', '--json');
    expect(misfits('secret#set', preview.stdout)).toEqual([]);
    expect(planned(preview)).toEqual(['roll/vault', 'converge/lab-v-0/vault', 'converge/lab-v-1/vault', 'record']);
    expect(await value(PASSWORD)).toBe(FIRST);

    const changed = await set('the-second-password\n', '--json');

    expect(misfits('secret#set', changed.stdout)).toEqual([]);
    expect(JSON.parse(changed.stdout)).toMatchObject({ operation: 'set-secret', outcome: 'succeeded' });
    expect(await value(PASSWORD)).toBe('the-second-password');
  });

  it('has nothing to do for the value that is there', async () => {
    const preview = await set(FIRST, '--plan', '--json');
    const changed = await set(`${FIRST}\n`, '--json');

    expect(planned(preview)).toEqual([]);
    expect(JSON.parse(changed.stdout)).toMatchObject({ outcome: 'nothing-to-do' });
  });

  it('asks on a terminal, and shows nothing of what is typed', async () => {
    const shown = await typeInto(
      ['secret', 'set', 'lab', 'vault.password'],
      [
        ['New value: ', 'typed-by-hand'],
        ['New value, again: ', 'typed-by-hand'],
      ],
    );

    expect(shown).not.toContain('typed-by-hand');
    expect(await value(PASSWORD)).toBe('typed-by-hand');
  });

  it.each([
    ['two answers that differ', ['typed-by-hand', 'typed-by-heart'], 'The two answers differ; nothing was set.'],
    ['Ctrl-C', ['\u0003'], 'Stopped by SIGINT.'],
  ])('sets nothing after %s', async (_, [first = '', second], message) => {
    const answers = [
      ['New value: ', first],
      ...(second === undefined ? [] : [['New value, again: ', second] as const]),
    ] as const;

    const shown = await typeInto(['secret', 'set', 'lab', 'vault.password'], answers);

    expect(shown).toContain(message);
    expect(await value(PASSWORD)).toBe(FIRST);
  });

  it.each([
    ['nothing', '', 'The value from standard input is empty; nothing was set.'],
    ['a NUL', 'with\0nul-in-its-text', 'holds a NUL, which no script can carry'],
    ['what is no secret by its size', 'x'.repeat(70_000), 'is longer than 65536 bytes'],
    [
      'what its cookbook does not allow',
      'short',
      `The value for ${PASSWORD} is a secret of another form; allowed is a text of at least 12 characters.`,
    ],
  ])('refuses %s', async (_, given, message) => {
    const refused = await set(given);

    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(message);
    expect(await value(PASSWORD)).toBe(FIRST);
  });

  it('refuses a name that the cluster does not have', async () => {
    const refused = await run('secret', 'set', 'lab', 'vault.pasword', '--file', join(made.dir, 'spec.json'), '--json');

    expect(misfits('common#error', refused.stdout)).toEqual([]);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'UNKNOWN_SECRET' }, exitCode: 2 });
  });
});

describe('bde secret rotate', () => {
  it('makes new values of what bde can make, and tells who did it', async () => {
    const old = await value(KEY);
    const preview = await run('secret', 'rotate', 'lab', '--all', '--plan');
    expect(preview.stdout).toMatch(
      /^ *converge\/lab-v-0\/vault +\(known later\) +.+ the secret generated\.vault\.key changes$/m,
    );
    expect(await value(KEY)).toBe(old);

    const rotated = await run('secret', 'rotate', 'lab', 'vault.key', '--json');

    expect(misfits('secret#rotate', rotated.stdout)).toEqual([]);
    expect(await value(KEY)).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(await value(KEY)).not.toBe(old);
    expect((await run('cluster', 'events', 'lab')).stdout).toMatch(
      / secret generated\.vault\.key rotated, by \S+@\S+ /,
    );
    expect(planned(await run('cluster', 'config', 'lab', '--plan', '--json'))).toEqual([]);
  });

  it.each([
    [['vault.password'], 'SECRET_REFUSED'],
    [['vault.key', 'vault.nothing'], 'UNKNOWN_SECRET'],
    [['fact/vault/lab-v-0/seal'], 'SECRET_REFUSED'],
    [[], 'USAGE'],
    [['vault.key', '--all'], 'USAGE'],
  ])('refuses %j', async (given, code) => {
    const old = await value(KEY);

    const refused = await run('secret', 'rotate', 'lab', ...given, '--json');

    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code }, exitCode: 2 });
    expect(await value(KEY)).toBe(old);
  });
});

/** One point in so many is tried; all of them where the long tests run too. */
const ONE_IN = process.env['BDE_TEST_ALL'] === '1' ? 1 : 4;

describe('a rotation that is killed at a fault point', () => {
  it('resumes with the one value that it made, which every node that needs it then has', async () => {
    const argv = ['secret', 'rotate', 'lab', '--all', '--json'];
    const points = await listPoints(bde, bde.copyWorld(made), argv);
    const sample = points.filter((_, index) => index % ONE_IN === 0);

    await forEachTwo(sample, async (point) => {
      const own = bde.copyWorld(made);
      const killed = await bde.run(own, argv, { BDE_FAULT: `kill@${point}` });
      const atDeath = await openStoredSecret(own, 'lab', KEY);
      const resumed = await bde.run(own, ['cluster', 'resume', 'lab', '--json']);

      expect(killed.signal, `${point}: ${killed.stderr}`).toBe('SIGKILL');
      expect(resumed.exitCode, `${point}: ${resumed.stdout}${resumed.stderr}`).toBe(0);
      expect(await openStoredSecret(own, 'lab', KEY), point).toBe(atDeath);
      expect(planned(await bde.run(own, ['cluster', 'config', 'lab', '--plan', '--json'])), point).toEqual([]);
    });
    expect(points.length).toBeGreaterThan(5);
  });
});

/** What a command shows on a terminal of its own, where each answer is typed once its question stands there. */
async function typeInto(
  argv: readonly string[],
  answers: readonly (readonly [question: string, answer: string])[],
): Promise<string> {
  const { command, env } = bde.commandOf(world, argv);
  const line = command.map((word) => `'${word}'`).join(' ');
  const terminal = spawn('script', ['--quiet', '--flush', '--return', '--command', line, '/dev/null'], {
    env: { ...env, SHELL: '/bin/sh', TERM: 'dumb' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  const left = [...answers];
  terminal.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    const [next] = left;
    if (next === undefined || !shown.endsWith(next[0])) return;
    left.shift();
    terminal.stdin.write(`${next[1]}\r`);
  });
  await once(terminal, 'close');
  return shown;
}
