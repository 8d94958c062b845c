import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execEverywhere } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { buildProject, type Project } from './support/project.js';

/** A service that takes its token when it starts, and shows by which one it lives; nothing in its recipe restarts it. */
const COOKBOOK = {
  'metadata.yaml': ['formatVersion: 1', 'name: keeper', 'version: "1.0.0"', 'summary: Keeps a token'],
  'attributes.yaml': ['token: { type: string, secret: true, generate: { length: 32 }, description: What is kept }'],
  'roles/keeper.yaml': [
    'summary: Keeps a token',
    'runList: ["keeper::main"]',
    'cardinality: { min: 1, max: null, quorum: true }',
    'ready: { scope: quorum, probe: { command: systemctl is-active --quiet keeper } }',
  ],
  'recipes/main.yaml': [
    'resources:',
    '  - file: /etc/keeper.token',
    '    mode: "0600"',
    '    content: "{{attributes.token}}"',
    '  - systemd_unit: keeper.service',
    '    content: |',
    '      [Service]',
    "      ExecStart=/bin/sh -c 'cp /etc/keeper.token /run/keeper.token; exec sleep infinity'",
    '      [Install]',
    '      WantedBy=multi-user.target',
    '  - service: keeper',
  ],
} as const;

const DISTRO = {
  name: 'kept',
  vendor: 'KEPT',
  version: '1',
  packages: [{ roles: ['basic', 'keeper'] }],
  cookbooks: ['base', 'keeper'],
  repos: [],
};

const SPEC = {
  apiVersion: 'bde/v2',
  distro: 'kept',
  nodeGroups: [{ name: 'k', roles: ['keeper'], instanceNum: 3, instanceType: 'SMALL' }],
};

let project: Project;
let home: Home;

beforeAll(async () => {
  project = await buildProject();
  for (const [path, lines] of Object.entries(COOKBOOK)) {
    const file = join(project.root, 'cookbooks/keeper', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${lines.join('\n')}\n`);
  }
  const manifest = join(project.root, 'distros/manifest.json');
  const distros = JSON.parse(await readFile(manifest, 'utf8')) as unknown[];
  await writeFile(manifest, JSON.stringify([...distros, DISTRO]));
  const spec = join(project.root, 'kept.json');
  await writeFile(spec, JSON.stringify(SPEC));
  home = await newHome(project);
  await home.json(['cluster', 'create', 'kept', '--spec', spec]);
});

afterAll(async () => {
  await home.dispose();
  await project.remove();
});

/** What each node has in its file and what its service lives by, and which process that is. */
async function look() {
  const tokens = await execEverywhere(home, 'kept', ['cat', '/etc/keeper.token', '/run/keeper.token']);
  const pids = await execEverywhere(home, 'kept', ['systemctl', 'show', '--value', '-p', 'MainPID', 'keeper']);
  return { tokens: Object.values(tokens), pids: Object.values(pids) };
}

/** When which member began and ended its turn, in order: `kept-k-0 running`. */
async function turns(): Promise<readonly string[]> {
  const { events } = await home.json<{ events: readonly { kind: string; text: string }[] }>([
    'cluster',
    'events',
    'kept',
  ]);
  const rotated = events.findLastIndex(({ kind, text }) => kind === 'secret' && text.includes(' rotated, by '));
  return events
    .slice(rotated)
    .flatMap(({ text }) => /^converge\/(kept-k-\d)\/keeper (running|done)$/.exec(text)?.slice(1, 3).join(' ') ?? []);
}

/** One token everywhere, in file and service alike. */
function tokenOf(tokens: readonly string[]): string {
  const token = (tokens[0] ?? '').slice(0, 32);
  expect(tokens).toEqual(Array(3).fill(token + token));
  return token;
}

describe('a secret that bde made', () => {
  it('is rotated in turn, and every service lives by the new value then', async () => {
    const before = await look();
    const old = tokenOf(before.tokens);

    await home.json(['secret', 'rotate', 'kept', 'keeper.token']);

    const after = await look();
    expect(tokenOf(after.tokens)).not.toBe(old);
    expect(after.pids.filter((pid) => before.pids.includes(pid))).toEqual([]);
    const order = await turns();
    expect(order).toHaveLength(6);
    for (const [index, turn] of order.entries()) {
      const member = (order[index - (index % 2)] ?? '').split(' ')[0] ?? '';
      expect(turn).toBe(`${member} ${index % 2 === 0 ? 'running' : 'done'}`);
    }
  });

  it('is the same one everywhere where the rotation was killed and resumed', async () => {
    const old = tokenOf((await look()).tokens);

    const killed = await home.run(['secret', 'rotate', 'kept', '--all'], {
      BDE_FAULT: 'kill@run:kept-k-1:keeper:after',
    });
    await home.json(['cluster', 'resume', 'kept']);

    expect(killed.signal, killed.stderr).toBe('SIGKILL');
    expect(tokenOf((await look()).tokens)).not.toBe(old);
    const preview = await home.json<{ plan: { steps: unknown[] } }>(['cluster', 'config', 'kept', '--plan']);
    expect(preview.plan.steps).toEqual([]);
  });

  it('is another one where it is set, and no node is touched for the value that it has', async () => {
    const value = join(home.folder, 'value');
    await writeFile(value, 'x'.repeat(32), { mode: 0o600 });

    await home.json(['secret', 'set', 'kept', 'keeper.token', '--file', value]);
    const { tokens, pids } = await look();
    const again = await home.json<{ outcome: string }>(['secret', 'set', 'kept', 'keeper.token', '--file', value]);

    expect(tokenOf(tokens)).toBe('x'.repeat(32));
    expect(again.outcome).toBe('nothing-to-do');
    expect((await look()).pids).toEqual(pids);
  });
});
