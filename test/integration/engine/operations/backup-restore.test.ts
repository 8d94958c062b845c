import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backupRequest, restoreRequest } from '../../../../src/engine/operations/data-requests.js';
import { changeCluster } from '../../../../src/engine/operations/change-cluster.js';
import type { ChangeRequest } from '../../../../src/engine/operations/change-request.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { prepareChange } from '../../../../src/engine/operations/prepare-change.js';
import { resumeCluster } from '../../../../src/engine/operations/resume-cluster.js';
import { parseCookbooks } from '../../../../src/engine/parse-cookbooks.js';
import { resolveSource } from '../../../../src/engine/resolve-source.js';
import type { FoundBackup } from '../../../../src/engine/ports/backups.js';
import { readMachineData, writeMachineData } from '../../../fakes/memory-nodes.js';
import { readMemoryWorld } from '../../../fakes/memory-provider.js';
import { fleetInputs, type SampleGroup } from '../../../unit/engine/sample-change.js';
import { cookbook } from '../../../unit/engine/sample-cluster.js';
import { testEngine, type TestEngine } from '../test-engine.js';

const DATA = cookbook('data', {
  'roles/store.yaml': `
summary: Store
runList: ["data::store"]
ready: { scope: quorum, withinSeconds: 20, probe: { command: "probe-store {{node.name}}" } }
update: { leader: { command: "leads-store {{node.name}}" } }
backup: { scope: any, runList: ["data::dump"] }
restore: { runList: ["data::load"] }
`,
  'roles/shard.yaml': `
summary: Shard
runList: ["data::shard"]
backup: { scope: each, runList: ["data::dump"] }
restore: { runList: ["data::load"] }
`,
  'roles/web.yaml': 'summary: Web\nrequires: [store]\nrunList: ["data::web"]\n',
  'recipes/store.yaml': 'resources:\n  - service: store\n',
  'recipes/shard.yaml': 'resources:\n  - service: shard\n',
  'recipes/web.yaml': 'resources:\n  - service: web\n',
  'recipes/dump.yaml': 'resources:\n  - execute: dump\n    command: "dump {{backup.directory}}"\n',
  'recipes/load.yaml': 'resources:\n  - execute: load\n    command: "load {{backup.directory}}"\n',
});

const STORES = { s: { roles: ['store'], count: 3 }, w: { roles: ['web'], count: 1 } };
const SHARDS = { d: { roles: ['shard'], count: 2 } };
const FOLDER = '/backups';

let engine: TestEngine;

beforeEach(() => {
  engine = testEngine();
});

afterEach(() => {
  engine.remove();
});

async function create(groups: Readonly<Record<string, SampleGroup>>): Promise<void> {
  const [base] = fleetInputs({}).cookbooks;
  const inputs = { ...fleetInputs(groups), cookbooks: [base!, DATA] };
  const { roles } = parseCookbooks(inputs.cookbooks);
  const resolved = resolveSource(inputs.source, { name: 'demo', roles, ordinals: new Map() });
  await createCluster({ ...inputs, resolved, rehearsal: false, asked: {} }, engine.deps, engine.stop);
}

/** By node, in order. */
function data(): Readonly<Record<string, string | undefined>> {
  const machines = Object.entries(readMemoryWorld(engine.dir).machines);
  return Object.fromEntries(
    machines
      .map(([id, { mark }]) => [mark.nodeName as string, readMachineData(engine.dir, id)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function write(node: string, text: string): void {
  for (const [id, { mark }] of Object.entries(readMemoryWorld(engine.dir).machines)) {
    if (mark.nodeName === node) writeMachineData(engine.dir, id, text);
  }
}

async function run(request: ChangeRequest): Promise<void> {
  await changeCluster(request, await engine.cluster(), {
    ...{ deps: engine.deps, stop: engine.stop, onWarning: () => undefined },
  });
}

async function backUp(): Promise<FoundBackup> {
  await run(await backupRequest({ role: undefined, folder: FOLDER }, await engine.cluster(), engine.deps));
  const [newest] = await engine.deps.backups.list(FOLDER);
  if (newest === undefined) throw new Error('there is no backup');
  return newest;
}

async function restoreOf(backup: FoundBackup, acceptsOther = false): Promise<ChangeRequest> {
  const asked = { role: undefined, backup, acceptsOther };
  return restoreRequest(asked, await engine.cluster(), engine.deps);
}

describe('a backup', () => {
  it('has the data of a node that is ready and does not lead, and says what it is', async () => {
    await create(STORES);
    write('demo-s-2', 'data of the day');
    engine.script({
      commands: { 'probe-store demo-s-0': { exitCode: 1 }, 'leads-store': { exitCode: 1 }, 'leads-store demo-s-1': {} },
    });

    const { manifest } = await backUp();

    expect(manifest).toMatchObject({
      cluster: { name: 'demo' },
      distro: 'd@1',
      archives: [{ role: 'store', scope: 'any', node: 'demo-s-2', place: 's-2', file: 'store.tar.gz.age', bytes: 15 }],
    });
    expect((await engine.cluster()).state).toBe('RUNNING');
  });

  it('runs recipes of the role, which count for nothing that is applied', async () => {
    await create(STORES);
    const before = engine.runs();

    await backUp();

    expect(engine.runs().filter((line) => !before.includes(line))).toEqual(['demo-s-0 apply store.backup']);
    const records = await engine.deps.store.nodes.listNodes((await engine.cluster()).id);
    expect(records.map(({ applied }) => Object.keys(applied).sort())).toEqual([
      ...Array<string[]>(3).fill(['basic', 'store']),
      ['basic', 'web'],
    ]);
    const request = {
      ...(await backupRequest({ role: undefined, folder: FOLDER }, await engine.cluster(), engine.deps)),
    };
    const nodes = await prepareChange(
      { ...request, kind: 'apply', data: null, depth: 'nodes' },
      await engine.cluster(),
      engine.deps,
    );
    expect(nodes.plan.steps).toEqual([]);
  });

  it('is refused for a role that has no recipes for it, and for one that nobody has', async () => {
    await create(STORES);
    const ask = async (role: string) => backupRequest({ role, folder: FOLDER }, await engine.cluster(), engine.deps);

    await expect(ask('web')).rejects.toMatchObject({
      code: 'PREFLIGHT_FAILED',
      message: 'The role web cannot be backed up: the pinned cookbooks have no recipes for that. These can: store.',
    });
    await expect(ask('wbe')).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('that fails tells nothing of the cluster, is in no list, and can be resumed', async () => {
    await create(STORES);
    engine.script({ runs: { 'demo-s-0/store.backup': { exitCode: 1, stderr: 'no room', times: 1 } } });

    await expect(backUp()).rejects.toMatchObject({ code: 'CONVERGE_FAILED' });
    const listed = await engine.deps.backups.list(FOLDER);
    const { state } = await engine.cluster();
    await resumeCluster('demo', engine.deps, engine.stop);

    expect(listed).toEqual([]);
    expect(state).toBe('RUNNING');
    expect(await engine.deps.backups.list(FOLDER)).toHaveLength(1);
  });

  it('waits for a node that is ready, and says what the nodes answer where none becomes so', async () => {
    await create(STORES);
    engine.script({ commands: { 'probe-store': { exitCode: 1, stderr: 'no quorum' } } });

    await expect(backUp()).rejects.toMatchObject({
      code: 'READY_TIMEOUT',
      message:
        'No node of store is ready to be backed up (demo-s-0: no quorum; demo-s-1: no quorum; demo-s-2: no quorum).',
    });
  });
});

describe('a restoration', () => {
  it('gives every member the data of the one that was asked', async () => {
    await create(STORES);
    write('demo-s-0', 'good');
    const backup = await backUp();
    for (const node of ['demo-s-0', 'demo-s-1', 'demo-s-2']) write(node, 'bad');

    await run(await restoreOf(backup));

    expect(data()).toEqual({ 'demo-s-0': 'good', 'demo-s-1': 'good', 'demo-s-2': 'good', 'demo-w-0': undefined });
    expect((await engine.cluster()).state).toBe('RUNNING');
  });

  it('gives each node its own data where each has some', async () => {
    await create(SHARDS);
    write('demo-d-0', 'zero');
    write('demo-d-1', 'one');
    const backup = await backUp();
    write('demo-d-0', 'bad');
    write('demo-d-1', 'bad');

    await run(await restoreOf(backup));

    expect(backup.manifest.archives.map(({ file }) => file)).toEqual(['shard-d-0.tar.gz.age', 'shard-d-1.tar.gz.age']);
    expect(data()).toEqual({ 'demo-d-0': 'zero', 'demo-d-1': 'one' });
  });

  it('tells what is lost, and by how other packages the data was written', async () => {
    await create(STORES);
    const { folder, manifest } = await backUp();
    const archives = manifest.archives.map((archive) => ({ ...archive, packages: { store: 'store-2' } }));

    const { remarks } = await restoreOf({ folder, manifest: { ...manifest, archives } });

    const at = new Date(manifest.takenAt).toISOString();
    expect(remarks).toEqual([
      `what was written since ${at} is lost: the data of store on 3 nodes is replaced by that of demo-s-0`,
      'the data of store was written by other packages than there are: by store-2 and now no store',
    ]);
  });

  it('takes the backup of another cluster only where that is said', async () => {
    await create(STORES);
    const { folder, manifest } = await backUp();
    const other = { folder, manifest: { ...manifest, cluster: { id: '01OTHER', name: 'old' } } };

    await expect(restoreOf(other)).rejects.toMatchObject({
      code: 'GUARD_REFUSED',
      message: `The backup ${manifest.id} is of another cluster: old (01OTHER).`,
    });
    expect((await restoreOf(other, true)).kind).toBe('restore');
  });

  it('is refused before anything stops where the backup is damaged, a node is off, or the cluster is protected', async () => {
    await create(STORES);
    const { folder, manifest } = await backUp();
    const request = await restoreOf({ folder, manifest });
    const cluster = await engine.cluster();
    const archives = manifest.archives.map((archive) => ({
      ...archive,
      sha256: manifest.archives[0]!.sha256.replace(/./, '0') as never,
    }));

    await expect(restoreOf({ folder, manifest: { ...manifest, archives } })).rejects.toMatchObject({
      code: 'BACKUP_INVALID',
    });
    await expect(prepareChange(request, { ...cluster, isProtected: true }, engine.deps)).rejects.toMatchObject({
      code: 'GUARD_REFUSED',
    });
    const machines = await engine.deps.store.nodes.listMachines(cluster.id);
    const one = machines.find(({ nodeName }) => nodeName === 'demo-s-1');
    await engine.deps.provider.provider.power(one!.id, 'off', () => Promise.resolve());
    await expect(prepareChange(request, cluster, engine.deps)).rejects.toMatchObject({
      code: 'PREFLIGHT_FAILED',
      message: 'These nodes of store do not run: demo-s-1; its data is restored on all of them, or on none.',
    });
  });

  it('that fails on a node leaves the services stopped, and resumes to the end', async () => {
    await create(STORES);
    write('demo-s-0', 'good');
    const backup = await backUp();
    engine.script({ runs: { 'demo-s-1/store.restore': { exitCode: 1, stderr: 'no room', times: 1 } } });

    await expect(run(await restoreOf(backup))).rejects.toMatchObject({ code: 'CONVERGE_FAILED' });
    const states = await engine.steps();
    await resumeCluster('demo', engine.deps, engine.stop);

    expect(states).toMatchObject({ 'restore/demo-s-1/store': 'failed', 'start/demo-s-0/store': 'blocked' });
    expect(data()).toMatchObject({ 'demo-s-0': 'good', 'demo-s-1': 'good', 'demo-s-2': 'good' });
    expect((await engine.cluster()).state).toBe('RUNNING');
  });
});
