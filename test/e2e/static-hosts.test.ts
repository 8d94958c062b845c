import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeStaticHosts, type StaticHosts } from '../contract/static-world.js';
import { execEverywhere, showCluster, type OperationDocument } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { buildProject, type Project } from './support/project.js';

let project: Project;
let hosts: StaticHosts;
let home: Home;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  project = await buildProject();
  hosts = await makeStaticHosts();
  home = await newHome(project);
  const { location, local } = hosts;
  const site = {
    mirror: { address: local.network.hostAddress },
    providers: { metal: { kind: 'static', settings: { user: 'root', hosts: location.hosts } } },
  };
  const file = join(location.home, 'bde.json');
  await writeFile(file, JSON.stringify(site));
  // The `.ssh` of whoever knows the hosts.
  env = { HOME: location.home, BDE_SITE: file };
});

afterAll(async () => {
  await home.dispose();
  await hosts.remove();
  await project.remove();
});

describe('a cluster on hosts that are there', () => {
  it('is made, reached by its own key, and given back', async () => {
    const { local, location } = hosts;
    const [first = ''] = location.hosts.map(({ address }) => address);
    const withSite: Home = { ...home, run: (argv) => home.run(argv, env), json: (argv) => home.json(argv, env) };
    const create = ['cluster', 'create', 'iron', '--spec', 'bare/basic', '--provider', 'metal'];

    const made = await withSite.json<OperationDocument>([...create, '--set', 'nodeGroups.node.instanceNum=2']);
    const names = await execEverywhere(withSite, 'iron', ['hostname']);
    const shown = await showCluster(withSite, 'iron');
    const { healthy } = await withSite.json<{ healthy: boolean }>(['cluster', 'status', 'iron']);
    const same = [
      'cluster',
      'apply',
      'iron',
      '--spec',
      'bare/basic',
      '--set',
      'nodeGroups.node.instanceNum=2',
      '--plan',
    ];
    const { plan } = await withSite.json<{ plan: { steps: unknown[] } }>(same);
    const third = await withSite.run(['cluster', 'create', 'more', ...create.slice(3)]);
    const deleted = await withSite.run(['cluster', 'delete', 'iron', '--yes']);

    expect(made.cluster?.state).toBe('RUNNING');
    expect(names).toEqual({ 'iron-node-0': 'iron-node-0\n', 'iron-node-1': 'iron-node-1\n' });
    expect(shown.nodes.map(({ address }) => address)).toEqual(location.hosts.map(({ address }) => address));
    expect([healthy, plan.steps]).toEqual([true, []]);
    expect(third.exitCode).toBe(4);
    expect(third.stderr).toContain(`0 MiB are free on ${location.hosts.map(({ address }) => address).join(', ')}`);
    expect(deleted.exitCode, deleted.stderr).toBe(0);
    expect(deleted.stdout).toContain('Its hosts are free; left on them: packages, users, services and data');
    expect(await local.ssh(first, 'hostname; ls -d /var/lib/bde /etc/bde/lease; grep -c iron /etc/hosts; true')).toBe(
      'host-0\n0\n',
    );
  });
});
