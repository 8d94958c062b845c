import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execEverywhere, showCluster, type OperationDocument } from './support/cluster.js';
import { entrustHome } from './support/entrust-home.js';
import { newHome, type Home } from './support/home.js';
import { expectNoTraces, findTraces } from './support/host-traces.js';
import { buildProject, type Project } from './support/project.js';

const BARE = ['--spec', 'bare/basic', '--set', 'nodeGroups.node.instanceNum=1'];

let project: Project;
let one: Home;
let two: Home;

beforeAll(async () => {
  project = await buildProject();
  [one, two] = await Promise.all([newHome(project), newHome(project)]);
});

afterAll(async () => {
  await Promise.all([one.dispose(), two.dispose()]);
  await project.remove();
});

describe('two homes on one host', () => {
  it('make clusters of one name at once and do not meet', async () => {
    const argv = ['cluster', 'create', 'twin', ...BARE];
    const [first, second] = await Promise.all([one, two].map((home) => home.json<OperationDocument>(argv)));
    const elsewhere = second?.cluster?.nodes[0]?.address ?? '';

    const reached = await execEverywhere(one, 'twin', ['sh', '-c', `ping -c 1 -W 2 ${elsewhere} 2>&1; true`]);
    await one.json(['cluster', 'delete', 'twin', '--yes']);

    expect([first?.cluster?.state, second?.cluster?.state]).toEqual(['RUNNING', 'RUNNING']);
    expect(Object.values(reached).join('')).toContain('Network is unreachable');
    await expectNoTraces(one);
    expect(Object.values(await execEverywhere(two, 'twin', ['hostname']))).toEqual(['twin-node-0\n']);
  });
});

describe('a home whose test was killed', () => {
  it('is removed with its machines by its caretaker', async () => {
    const home = await newHome(project);
    await home.json(['cluster', 'create', 'orphan', ...BARE]);
    const underWay = home.start(['cluster', 'restart', 'orphan']);

    await entrustHome(home).abandon();
    await underWay.ended;

    await expectNoTraces(home);
    expect(existsSync(home.folder)).toBe(false);
    await home.dispose();
  });
});

describe('two creates of one name at once', () => {
  it('make one cluster; the other says that it exists', async () => {
    const argv = ['cluster', 'create', 'once', ...BARE];

    const ended = await Promise.all([one.run(argv), one.run(argv)]);

    const [made, refused] = ended.toSorted((a, b) => (a.exitCode ?? 0) - (b.exitCode ?? 0));
    expect(made?.exitCode, made?.stderr).toBe(0);
    expect(refused?.exitCode, refused?.stderr).toBe(4);
    expect(refused?.stderr).toContain('CLUSTER_EXISTS');
    expect((await showCluster(one, 'once')).state).toBe('RUNNING');
    expect((await findTraces(one.key, one.path)).machines).toHaveLength(1);
  });
});
