import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeStaticHosts, type StaticHosts } from '../contract/static-world.js';
import { execEverywhere, showCluster, type OperationDocument } from './support/cluster.js';
import { loseHome } from './support/lose-home.js';
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

/** The program with the site file of the hosts. */
function withSite(): Home {
  return { ...home, run: (argv) => home.run(argv, env), json: (argv) => home.json(argv, env) };
}

describe('a cluster on hosts that are there', () => {
  const spec = ['--spec', 'bare/basic', '--set', 'nodeGroups.node.instanceNum=2'];

  async function planned(...flags: readonly string[]): Promise<readonly unknown[]> {
    const argv = ['cluster', 'apply', 'iron', ...spec, ...flags, '--plan'];
    return (await withSite().json<{ plan: { steps: readonly unknown[] } }>(argv)).plan.steps;
  }

  it('is made on them, and reached by its own key', async () => {
    const addresses = hosts.location.hosts.map(({ address }) => address);

    const made = await withSite().json<OperationDocument>([
      ...['cluster', 'create', 'iron', '--provider', 'metal'],
      ...spec,
    ]);
    const third = await withSite().run(['cluster', 'create', 'more', '--provider', 'metal', ...spec]);

    expect(made.cluster?.state).toBe('RUNNING');
    const names = await execEverywhere(withSite(), 'iron', ['hostname']);
    expect(names).toEqual({ 'iron-node-0': 'iron-node-0\n', 'iron-node-1': 'iron-node-1\n' });
    expect((await showCluster(withSite(), 'iron')).nodes.map(({ address }) => address)).toEqual(addresses);
    const { healthy } = await withSite().json<{ healthy: boolean }>(['cluster', 'status', 'iron']);
    expect([healthy, await planned()]).toEqual([true, []]);
    expect(third.exitCode).toBe(4);
    expect(third.stderr).toContain(`0 MiB are free on ${addresses.join(', ')}`);
  });

  it('is known again by one of them once the home is lost', async () => {
    const [address = ''] = hosts.location.hosts.map((host) => host.address);
    await loseHome(home);

    const { imported } = await withSite().json<{ imported: readonly { cluster: { state: string }; from: string[] }[] }>(
      [...['cluster', 'import', '--host', address]],
    );

    expect(imported).toMatchObject([{ cluster: { state: 'RUNNING' }, from: ['iron-node-0', 'iron-node-1'] }]);
    expect(await planned('--refresh', 'nodes')).toEqual([]);
  });

  it('gives them back', async () => {
    const { local, location } = hosts;
    const [first = ''] = location.hosts.map(({ address }) => address);

    const deleted = await withSite().run(['cluster', 'delete', 'iron', '--yes']);

    expect(deleted.exitCode, deleted.stderr).toBe(0);
    expect(deleted.stdout).toContain('Its hosts are free; left on them: packages, users, services and data');
    expect(await local.ssh(first, 'hostname; ls -d /var/lib/bde /etc/bde/lease; grep -c iron /etc/hosts; true')).toBe(
      'host-0\n0\n',
    );
  });
});
