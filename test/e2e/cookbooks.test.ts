import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CookbookTest } from '../../src/cli/services/cookbooks/test-cookbook.js';
import type { Drift } from '../../src/cli/services/find-drift.js';
import { execEverywhere } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { cookbookTestHome, expectNoTraces } from './support/host-traces.js';
import { buildProject, type Project } from './support/project.js';

const TOKEN = 'k3Zsentinel81fX';

const SPEC = {
  apiVersion: 'bde/v2',
  distro: 'beacons',
  nodeGroups: [{ name: 'node', roles: ['beacon'], instanceNum: 1, instanceType: 'SMALL' }],
  configuration: { beacon: { token: TOKEN } },
};

const MANIFEST = [
  {
    name: 'beacons',
    version: '1',
    packages: [{ roles: ['basic', 'beacon'] }],
    cookbooks: ['base', 'beacon'],
    repos: [],
  },
];

let project: Project;
let home: Home;
let data: readonly string[];

beforeAll(async () => {
  project = await buildProject();
  home = await newHome(project);
  const cookbooks = join(home.folder, 'cookbooks');
  const distros = join(home.folder, 'distros');
  await mkdir(cookbooks);
  await mkdir(distros);
  await writeFile(join(distros, 'manifest.json'), JSON.stringify(MANIFEST));
  await writeFile(join(home.folder, 'spec.json'), JSON.stringify(SPEC));
  await home.json(['cookbook', 'new', 'beacon', '--path', cookbooks]);
  data = ['--cookbooks', cookbooks, '--distros', distros];
});

afterAll(async () => {
  await home.dispose();
  await project.remove();
});

/** Appends to a file of the cookbook. */
async function append(file: string, text: string): Promise<void> {
  const path = join(home.folder, 'cookbooks/beacon', file);
  await writeFile(path, `${await readFile(path, 'utf8')}${text}`);
}

describe('a new cookbook on real machines', () => {
  it('is idempotent, and its test leaves nothing on the host', async () => {
    const test = await home.json<CookbookTest>(['cookbook', 'test', 'beacon', ...data]);

    expect(test).toMatchObject({ idempotent: true, changedAgain: [], disagreements: [], kept: null });
    expect(test.resources.map(({ resource }) => resource)).toContain('systemd_unit[beacon]');
    await expectNoTraces(cookbookTestHome(home));
  });

  it('fails its test by name once something in it runs each time', async () => {
    await append('recipes/server.yaml', '  - execute: count\n    command: echo x >>/var/tmp/count\n');

    const ended = await home.run(['cookbook', 'test', 'beacon', ...data, '--json']);

    expect(ended.exitCode, ended.stderr).toBe(7);
    const { changedAgain, disagreements } = JSON.parse(ended.stdout) as CookbookTest;
    expect(changedAgain.map(({ resource, check }) => [resource, check])).toEqual([['execute[count]', 'would-change']]);
    expect(disagreements).toEqual([]);
    await expectNoTraces(cookbookTestHome(home));
  });
});

describe('drift of a real node', () => {
  beforeAll(async () => {
    await append('attributes.yaml', 'token: { type: string, secret: true }\n');
    await append(
      'recipes/server.yaml',
      '    creates: /var/tmp/count\n  - file: /etc/beacon/token\n    content: "token={{attributes.token}}\\n"\n    mode: "0600"\n',
    );
    await home.json(['cluster', 'create', 'drifty', '--spec', join(home.folder, 'spec.json'), ...data]);
  });

  it('is none behind a create', async () => {
    const drift = await home.json<Drift>(['cluster', 'drift', 'drifty']);

    expect(drift).toMatchObject({ drifted: false, differences: [] });
    expect(drift.checked).toBeGreaterThan(8);
  });

  it('is shown as unified diffs with every secret masked, and is gone once converged', async () => {
    const change = 'echo "token = $(cat /etc/beacon/token)" >>/etc/beacon/settings.conf; echo more >>/etc/beacon/token';
    await execEverywhere(home, 'drifty', ['sh', '-c', change]);

    const drifted = await home.run(['cluster', 'drift', 'drifty', '--diff']);
    const checked = await home.run(['cluster', 'converge', 'drifty', '--check', '--diff']);
    const converged = await home.run(['cluster', 'converge', 'drifty']);
    const after = await home.run(['cluster', 'drift', 'drifty']);

    expect([drifted.exitCode, checked.exitCode, converged.exitCode, after.exitCode]).toEqual([10, 10, 0, 0]);
    for (const { stdout } of [drifted, checked]) {
      expect(stdout).toMatch(
        /^--- \/etc\/beacon\/settings\.conf\n\+\+\+ \/etc\/beacon\/settings\.conf \(wanted\)\n@@ /m,
      );
      expect(stdout).toMatch(/^-token = token=\[secret\]$/m);
      expect(stdout).toMatch(/^\(the content holds secrets and is not shown\)$/m);
    }
    const said = [drifted, checked, converged, after].map(({ stdout, stderr }) => stdout + stderr).join('');
    expect(said).not.toContain(TOKEN);
  });
});
