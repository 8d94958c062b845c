import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry, Store } from '../../src/engine/ports/store.js';
import type { ClusterId, Digest, MachineId, NodeName, OperationId, StepId } from '../../src/errors/ids.js';
import { aCluster, aFact, aMachine, aNode, anEvent, anOperation, aStepEntry } from './store-records.js';

const C1 = 'C1' as ClusterId;
const C2 = 'C2' as ClusterId;
const O1 = 'O1' as OperationId;
const TIMES = { now: 10_000, ttlMs: 30_000 };
/** sha256 of `hello`. */
const HELLO = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' as Digest;

/** A store and what removes it without a trace. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly dispose: () => Promise<void>;
}

/** Every promise of the store port; each adapter and the fake pass the same suite. */
export function describeStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`store contract: ${name}`, () => {
    let store: Store;
    let dispose: () => Promise<void>;

    beforeEach(async () => {
      ({ store, dispose } = await make());
    });
    afterEach(async () => {
      await store.close();
      await dispose();
    });

    describe('clusters', () => {
      it('gives back a cluster as it was inserted, by id and by name', async () => {
        const cluster = aCluster({ rehearsal: true, recordCount: 4 });

        await store.clusters.insert(cluster);

        expect(await store.clusters.byId(C1)).toEqual(cluster);
        expect(await store.clusters.byName('demo')).toEqual(cluster);
      });

      it('knows no cluster that was never inserted', async () => {
        expect(await store.clusters.byId(C1)).toBeUndefined();
        expect(await store.clusters.byName('demo')).toBeUndefined();
        expect(await store.clusters.list()).toEqual([]);
      });

      it('refuses a second cluster of one name', async () => {
        await store.clusters.insert(aCluster());

        const second = store.clusters.insert(aCluster({ id: C2 }));

        await expect(second).rejects.toMatchObject({ code: 'CLUSTER_EXISTS', subject: { cluster: 'demo' } });
        expect(await store.clusters.byId(C2)).toBeUndefined();
      });

      it('lets one of many win a race for a name', async () => {
        const inserts = ['A', 'B', 'C', 'D', 'E'].map((id) => store.clusters.insert(aCluster({ id: id as ClusterId })));

        const ends = (await Promise.allSettled(inserts)).map((end) => end.status);

        expect(ends.filter((status) => status === 'fulfilled')).toHaveLength(1);
        expect(await store.clusters.list()).toHaveLength(1);
      });

      it('frees the name of a removed cluster', async () => {
        await store.clusters.insert(aCluster());
        await store.clusters.remove(C1);

        await store.clusters.insert(aCluster({ id: C2 }));

        expect((await store.clusters.byName('demo'))?.id).toBe('C2');
      });

      it('lists clusters ordered by name', async () => {
        await store.clusters.insert(aCluster({ id: 'Z' as ClusterId, name: 'alpha' }));
        await store.clusters.insert(aCluster({ id: 'A' as ClusterId, name: 'omega' }));
        await store.clusters.insert(aCluster({ id: 'M' as ClusterId, name: 'beta-2' }));

        const names = (await store.clusters.list()).map((cluster) => cluster.name);

        expect(names).toEqual(['alpha', 'beta-2', 'omega']);
      });

      it('changes the named fields and leaves the others', async () => {
        await store.clusters.insert(aCluster());

        await store.clusters.update(C1, { state: 'RUNNING', recordCount: 7, rehearsal: true });

        expect(await store.clusters.byId(C1)).toEqual(aCluster({ state: 'RUNNING', recordCount: 7, rehearsal: true }));
      });

      it('leaves the cluster alone where no field is named', async () => {
        await store.clusters.insert(aCluster());

        await store.clusters.update(C1, {});

        expect(await store.clusters.byId(C1)).toEqual(aCluster());
      });

      it('never lowers the epoch by an update with a stale record', async () => {
        const stale = aCluster();
        await store.clusters.insert(stale);
        await store.leases.acquire(C1, 'me', TIMES);

        await store.clusters.update(C1, { ...stale, state: 'RUNNING' });

        expect(await store.clusters.byId(C1)).toMatchObject({ state: 'RUNNING', epoch: 1 });
      });

      it('refuses to change a cluster that is not there', async () => {
        const update = store.clusters.update(C1, { state: 'RUNNING' });

        await expect(update).rejects.toMatchObject({ code: 'UNKNOWN_CLUSTER' });
      });

      it('removes all that a cluster owns and nothing else', async () => {
        await fill(store, 'C1', 'demo');
        await fill(store, 'C2', 'other');
        await store.secrets.put('home', 'mirror', 'sealed');

        await store.clusters.remove(C1);

        expect(await owned(store, C1)).toEqual({ nodes: 0, machines: 0, facts: 0, secrets: 0, lease: false });
        expect(await owned(store, C2)).toEqual({ nodes: 1, machines: 1, facts: 1, secrets: 1, lease: true });
        expect(await store.secrets.get('home', 'mirror')).toBe('sealed');
      });

      it('keeps operations, journal and events of a removed cluster', async () => {
        await store.clusters.insert(aCluster());
        await store.operations.insert(anOperation());
        await store.operations.append([aStepEntry()]);
        await store.events.append([anEvent()]);

        await store.clusters.remove(C1);

        expect(await store.operations.list(C1)).toHaveLength(1);
        expect(await store.operations.journal(O1)).toHaveLength(1);
        expect(await store.events.list({ clusterId: C1 })).toHaveLength(1);
      });

      it('is content to remove a cluster that is not there', async () => {
        await store.clusters.remove(C1);

        expect(await store.clusters.list()).toEqual([]);
      });
    });

    describe('nodes and machines', () => {
      beforeEach(() => store.clusters.insert(aCluster()));

      it('gives nodes back as they were put, the later put in force', async () => {
        await store.nodes.putNode(aNode());

        await store.nodes.putNode(aNode({ address: '10.77.3.11', applied: {} }));

        expect(await store.nodes.listNodes(C1)).toEqual([aNode({ address: '10.77.3.11', applied: {} })]);
      });

      it('orders nodes by group, then by index as a number', async () => {
        for (const [group, index] of [
          ['worker', 10],
          ['worker', 2],
          ['master', 1],
        ] as const) {
          await store.nodes.putNode(aNode({ name: `demo-${group}-${index}` as NodeName, group, index }));
        }

        const names = (await store.nodes.listNodes(C1)).map((node) => node.name);

        expect(names).toEqual(['demo-master-1', 'demo-worker-2', 'demo-worker-10']);
      });

      it('removes one node and leaves its machine', async () => {
        await store.nodes.putNode(aNode());
        await store.nodes.putMachine(aMachine());

        await store.nodes.removeNode(C1, 'demo-master-0' as NodeName);

        expect(await store.nodes.listNodes(C1)).toEqual([]);
        expect(await store.nodes.listMachines(C1)).toHaveLength(1);
      });

      it('tells the addresses of all clusters on a network', async () => {
        await store.clusters.insert(aCluster({ id: C2, name: 'other' }));
        await store.nodes.putNode(aNode());
        await store.nodes.putNode(aNode({ clusterId: C2, address: '10.77.3.20' }));
        await store.nodes.putNode(
          aNode({ clusterId: C2, name: 'x' as NodeName, network: 'data', address: '10.9.9.9' }),
        );

        const addresses = await store.nodes.reservedAddresses('main');

        expect([...addresses].sort()).toEqual(['10.77.3.10', '10.77.3.20']);
      });

      it('orders machines by generation and takes one away by id', async () => {
        await store.nodes.putMachine(aMachine({ id: 'M3' as MachineId, generation: 3 }));
        await store.nodes.putMachine(aMachine({ id: 'M9' as MachineId, generation: 1, standing: 'retiring' }));
        await store.nodes.putMachine(aMachine({ id: 'M1' as MachineId, generation: 2, standing: 'retiring' }));
        const before = (await store.nodes.listMachines(C1)).map((machine) => machine.id);

        await store.nodes.removeMachine('M1' as MachineId);

        expect(before).toEqual(['M9', 'M1', 'M3']);
        expect((await store.nodes.listMachines(C1)).map((machine) => machine.id)).toEqual(['M9', 'M3']);
      });

      it('changes a machine that is put again', async () => {
        await store.nodes.putMachine(aMachine());

        await store.nodes.putMachine(aMachine({ standing: 'retiring' }));

        expect(await store.nodes.listMachines(C1)).toEqual([aMachine({ standing: 'retiring' })]);
      });

      it('refuses a second current machine of one node', async () => {
        await store.nodes.putMachine(aMachine());

        const second = store.nodes.putMachine(aMachine({ id: 'M2' as MachineId, generation: 2 }));

        await expect(second).rejects.toMatchObject({ code: 'STATE_INVALID' });
        expect(await store.nodes.listMachines(C1)).toEqual([aMachine()]);
      });

      it('refuses nodes, machines and facts of an unknown cluster', async () => {
        const puts = [
          store.nodes.putNode(aNode({ clusterId: C2 })),
          store.nodes.putMachine(aMachine({ clusterId: C2 })),
          store.facts.put(aFact({ clusterId: C2 })),
        ];

        const ends = await Promise.allSettled(puts);

        expect(ends).toMatchObject(Array(3).fill({ status: 'rejected', reason: { code: 'UNKNOWN_CLUSTER' } }));
      });
    });

    describe('operations and journal', () => {
      beforeEach(() => store.clusters.insert(aCluster()));

      it('gives an operation back as it was inserted', async () => {
        await store.operations.insert(anOperation());

        expect(await store.operations.byId(O1)).toEqual(anOperation());
        expect(await store.operations.byId('O2' as OperationId)).toBeUndefined();
      });

      it('changes how an operation stands and leaves what was asked', async () => {
        await store.operations.insert(anOperation());

        await store.operations.update(O1, { state: 'failed', endedAt: 9_000, outcome: 'disk full', plan: HELLO });

        expect(await store.operations.byId(O1)).toEqual(
          anOperation({ state: 'failed', endedAt: 9_000, outcome: 'disk full', plan: HELLO }),
        );
      });

      it('refuses to change an operation that is not there', async () => {
        const update = store.operations.update(O1, { state: 'failed' });

        await expect(update).rejects.toMatchObject({ code: 'UNKNOWN_OPERATION' });
      });

      it('gives the newest operation of a cluster, or none', async () => {
        await store.operations.insert(anOperation({ id: 'A' as OperationId, startedAt: 1 }));
        await store.operations.insert(anOperation({ id: 'B' as OperationId, startedAt: 3, clusterId: null }));
        await store.operations.insert(anOperation({ id: 'D' as OperationId, startedAt: 2 }));
        await store.operations.insert(anOperation({ id: 'E' as OperationId, startedAt: 2 }));

        expect((await store.operations.newest(C1))?.id).toBe('E');
        expect(await store.operations.newest(C2)).toBeUndefined();
      });

      it('gives the last step entries of all operations in the order of writing', async () => {
        await store.operations.insert(anOperation());
        await store.operations.insert(anOperation({ id: 'O2' as OperationId, clusterId: null }));
        const step = (stepId: string, operationId = O1) => aStepEntry({ stepId: stepId as StepId, operationId });
        const anIntent = {
          operationId: O1,
          epoch: 1,
          at: 4_000,
          type: 'intent',
          stepId: 'a' as StepId,
          effect: 'create',
          ref: {},
        } as const;
        await store.operations.append([step('a'), step('b', 'O2' as OperationId), anIntent]);
        await store.operations.append([step('c')]);

        const recent = await store.operations.recentSteps(2);

        expect(recent.map(({ stepId, operationId }) => `${operationId} ${stepId}`)).toEqual(['O2 b', `${O1} c`]);
      });

      it('lists operations newest first, of one cluster or of all', async () => {
        await store.operations.insert(anOperation({ id: 'A' as OperationId, startedAt: 1 }));
        await store.operations.insert(anOperation({ id: 'B' as OperationId, startedAt: 3, clusterId: null }));
        await store.operations.insert(anOperation({ id: 'D' as OperationId, startedAt: 2 }));
        await store.operations.insert(anOperation({ id: 'E' as OperationId, startedAt: 2 }));

        const all = (await store.operations.list()).map((operation) => operation.id);
        const ofOne = (await store.operations.list(C1)).map((operation) => operation.id);

        expect(all).toEqual(['B', 'E', 'D', 'A']);
        expect(ofOne).toEqual(['E', 'D', 'A']);
      });

      it('gives the journal of one operation back in the order of writing', async () => {
        const stepId = 'create demo-master-0' as StepId;
        const head = { operationId: O1, epoch: 1, at: 7, stepId };
        const entries: JournalEntry[] = [
          { ...head, type: 'step', state: 'running', detail: {} },
          { ...head, type: 'intent', effect: 'create', ref: { machineId: 'M1' } },
          { ...head, at: 3, type: 'result', effect: 'create', result: { ok: true, deep: [1, { a: null }] } },
        ];
        await store.operations.insert(anOperation());
        await store.operations.insert(anOperation({ id: 'O2' as OperationId }));

        await store.operations.append(entries.slice(0, 2));
        await store.operations.append([aStepEntry({ operationId: 'O2' as OperationId })]);
        await store.operations.append(entries.slice(2));

        expect(await store.operations.journal(O1)).toEqual(entries);
      });

      it('takes many entries of one call and no entries too', async () => {
        await store.operations.insert(anOperation());

        await store.operations.append(Array.from({ length: 1_201 }, () => aStepEntry()));
        await store.operations.append([]);

        expect(await store.operations.journal(O1)).toHaveLength(1_201);
      });

      it('refuses entries of an epoch that was overtaken, all of the call', async () => {
        await store.operations.insert(anOperation());
        const first = await store.leases.acquire(C1, 'me', TIMES);
        await store.operations.append([aStepEntry({ epoch: first.epoch })]);
        const second = await store.leases.acquire(C1, 'me', TIMES);

        const append = store.operations.append([
          aStepEntry({ epoch: second.epoch }),
          aStepEntry({ epoch: first.epoch }),
        ]);

        await expect(append).rejects.toMatchObject({
          code: 'LEASE_LOST',
          subject: { cluster: 'demo' },
          data: { epoch: 1, clusterEpoch: 2 },
        });
        expect(await store.operations.journal(O1)).toHaveLength(1);
      });

      it('checks no epoch for operations of the home', async () => {
        await store.operations.insert(anOperation({ clusterId: null, clusterName: null, kind: 'prepare' }));

        await store.operations.append([aStepEntry({ epoch: 0 })]);

        expect(await store.operations.journal(O1)).toHaveLength(1);
      });

      it('lets an operation end its journal after it removed its cluster', async () => {
        await store.operations.insert(anOperation({ kind: 'delete' }));
        await store.clusters.remove(C1);

        await store.operations.append([aStepEntry()]);

        expect(await store.operations.journal(O1)).toHaveLength(1);
      });

      it('refuses entries of an operation that is not there', async () => {
        const append = store.operations.append([aStepEntry()]);

        await expect(append).rejects.toMatchObject({ code: 'UNKNOWN_OPERATION' });
      });
    });

    describe('blobs', () => {
      it('names content by its sha256 and gives the same bytes back', async () => {
        const digest = await store.blobs.put(Buffer.from('hello'));

        expect(digest).toBe(HELLO);
        expect((await store.blobs.get(HELLO)).toString()).toBe('hello');
        expect(await store.blobs.has(HELLO)).toBe(true);
      });

      it('keeps one blob of what was put twice', async () => {
        await store.blobs.put(Buffer.from('hello'));
        await store.blobs.put(Buffer.from('hello'));

        const removed = await store.blobs.removeExcept(new Set());

        expect(removed).toBe(1);
      });

      it('keeps empty content and bytes that are no text', async () => {
        const empty = await store.blobs.put(Buffer.alloc(0));
        const bytes = await store.blobs.put(Buffer.from([0, 255, 10, 0]));

        expect([...(await store.blobs.get(empty))]).toEqual([]);
        expect([...(await store.blobs.get(bytes))]).toEqual([0, 255, 10, 0]);
      });

      it('refuses to give a blob that is not there', async () => {
        const get = store.blobs.get(HELLO);

        await expect(get).rejects.toMatchObject({ code: 'STATE_INVALID' });
        expect(await store.blobs.has(HELLO)).toBe(false);
      });

      it('removes what is not to be kept and says how many', async () => {
        await store.blobs.put(Buffer.from('hello'));
        for (let i = 0; i < 1_001; i++) await store.blobs.put(Buffer.from(`doomed ${i}`));

        const removed = await store.blobs.removeExcept(new Set([HELLO, 'never there' as Digest]));

        expect(removed).toBe(1_001);
        expect(await store.blobs.has(HELLO)).toBe(true);
      });
    });

    describe('events', () => {
      it('numbers events ascending over all clusters in the order of writing', async () => {
        await store.events.append([anEvent({ text: 'a', at: 9 }), anEvent({ text: 'b', at: 1, clusterId: null })]);
        await store.events.append([anEvent({ text: 'c', clusterId: C2 })]);

        const events = await store.events.list({});

        expect(events.map((event) => event.text)).toEqual(['a', 'b', 'c']);
        expect(isAscending(events.map((event) => event.sequence))).toBe(true);
      });

      it('gives an event back whole', async () => {
        await store.events.append([anEvent({ role: 'zookeeper', data: { nested: { list: [1, 'x', null] } } })]);

        const [event] = await store.events.list({});

        const { sequence: _sequence, ...rest } = event!;
        expect(rest).toEqual(anEvent({ role: 'zookeeper', data: { nested: { list: [1, 'x', null] } } }));
      });

      it('filters by cluster, operation, place and number', async () => {
        const O2 = 'O2' as OperationId;
        await store.events.append([
          anEvent({ text: 'a' }),
          anEvent({ text: 'b', operationId: O2 }),
          anEvent({ text: 'c', clusterId: C2, operationId: O2 }),
          anEvent({ text: 'd', operationId: null }),
        ]);
        const first = (await store.events.list({}))[0]!.sequence;

        const texts = async (filter: Parameters<typeof store.events.list>[0]) =>
          (await store.events.list(filter)).map((event) => event.text).join('');

        expect(await texts({ clusterId: C1 })).toBe('abd');
        expect(await texts({ operationId: O2 })).toBe('bc');
        expect(await texts({ clusterId: C1, operationId: O2 })).toBe('b');
        expect(await texts({ after: first, limit: 2 })).toBe('bc');
        expect(await texts({ limit: 0 })).toBe('');
      });

      it('takes no events without complaint', async () => {
        await store.events.append([]);

        expect(await store.events.list({})).toEqual([]);
      });
    });

    describe('facts', () => {
      beforeEach(() => store.clusters.insert(aCluster()));

      it('holds one fact per node, role and name, the later one in force', async () => {
        await store.facts.put(aFact({ name: 'port' }));
        await store.facts.put(aFact({ name: 'id', value: { list: [1] }, secret: true }));

        await store.facts.put(aFact({ name: 'port', value: null, generation: 2 }));

        expect(await store.facts.list(C1)).toEqual([
          aFact({ name: 'id', value: { list: [1] }, secret: true }),
          aFact({ name: 'port', value: null, generation: 2 }),
        ]);
      });

      it('removes the facts of one role on a node alone', async () => {
        await store.facts.put(aFact());
        await store.facts.put(aFact({ role: 'agent' }));

        await store.facts.removeOfNode(C1, 'demo-master-0' as NodeName, 'agent');

        expect((await store.facts.list(C1)).map((fact) => fact.role)).toEqual(['zookeeper']);
      });

      it('removes the facts of one node alone', async () => {
        await store.facts.put(aFact());
        await store.facts.put(aFact({ node: 'demo-master-1' as NodeName }));

        await store.facts.removeOfNode(C1, 'demo-master-0' as NodeName);

        expect((await store.facts.list(C1)).map((fact) => fact.node)).toEqual(['demo-master-1']);
      });
    });

    describe('secrets and home', () => {
      it('holds sealed text by owner and name', async () => {
        await store.secrets.put('home', 'ca', 'sealed 1');
        await store.secrets.put('C1', 'ca', 'sealed 2');
        await store.secrets.put('home', 'ca', 'sealed 3');

        expect(await store.secrets.get('home', 'ca')).toBe('sealed 3');
        expect(await store.secrets.get('C1', 'ca')).toBe('sealed 2');
        expect(await store.secrets.get('C1', 'other')).toBeUndefined();
      });

      it('lists the names of one owner sorted and forgets removed ones', async () => {
        for (const name of ['b', 'c', 'a']) await store.secrets.put('home', name, 'sealed');
        await store.secrets.put('C1', 'x', 'sealed');

        await store.secrets.remove('home', 'c');
        await store.secrets.remove('home', 'never there');

        expect(await store.secrets.list('home')).toEqual(['a', 'b']);
      });

      it('tells when secrets were set, where somebody said it', async () => {
        await store.secrets.put('C1', 'a', 'sealed', 5);
        await store.secrets.put('C1', 'b', 'sealed', 6);
        await store.secrets.put('C1', 'c', 'sealed', 7);
        await store.secrets.put('home', 'd', 'sealed', 8);

        await store.secrets.put('C1', 'b', 'sealed anew', 9);
        await store.secrets.put('C1', 'c', 'sealed anew');

        expect([...(await store.secrets.setTimes('C1'))].toSorted()).toEqual([
          ['a', 5],
          ['b', 9],
        ]);
      });

      it('holds settings of the home as JSON values', async () => {
        await store.home.put('subnet', '10.77.3.0/24');
        await store.home.put('prepared', { repos: ['mesos'], at: 7, done: false });
        await store.home.put('subnet', null);

        expect(await store.home.get('prepared')).toEqual({ repos: ['mesos'], at: 7, done: false });
        expect(await store.home.get('nothing')).toBeUndefined();
        expect(await store.home.list()).toEqual({ prepared: { repos: ['mesos'], at: 7, done: false }, subnet: null });
      });
    });

    describe('leases', () => {
      beforeEach(() => store.clusters.insert(aCluster({ recordCount: 5 })));

      it('raises the epoch with the lease and begins the record count anew', async () => {
        const lease = await store.leases.acquire(C1, 'me', TIMES);

        expect(lease).toEqual({ epoch: 1, takenOver: false });
        expect(await store.leases.get(C1)).toEqual({ clusterId: C1, holder: 'me', epoch: 1, expiresAt: 40_000 });
        expect(await store.clusters.byId(C1)).toMatchObject({ epoch: 1, recordCount: 0 });
      });

      it('refuses a lease that another holds, with holder and rest', async () => {
        await store.leases.acquire(C1, 'me', TIMES);

        const other = store.leases.acquire(C1, 'you', { now: 39_999, ttlMs: 1 });

        await expect(other).rejects.toMatchObject({
          code: 'LEASE_HELD',
          data: { holder: 'me', remainingMs: 1 },
        });
        expect(await store.clusters.byId(C1)).toMatchObject({ epoch: 1 });
      });

      it('takes an expired lease over and says so', async () => {
        await store.leases.acquire(C1, 'me', TIMES);

        const lease = await store.leases.acquire(C1, 'you', { now: 40_000, ttlMs: 30_000 });

        expect(lease).toEqual({ epoch: 2, takenOver: true });
        expect((await store.leases.get(C1))?.holder).toBe('you');
      });

      it('gives the same holder a new epoch and calls it no take-over', async () => {
        await store.leases.acquire(C1, 'me', TIMES);

        const early = await store.leases.acquire(C1, 'me', { now: 11_000, ttlMs: 1 });
        const late = await store.leases.acquire(C1, 'me', { now: 99_000, ttlMs: 1 });

        expect([early, late]).toEqual([
          { epoch: 2, takenOver: false },
          { epoch: 3, takenOver: false },
        ]);
      });

      it('is a take-over where the lease was ended for its holder', async () => {
        await store.leases.acquire(C1, 'me', TIMES);

        await store.leases.expire(C1);

        const lease = await store.leases.acquire(C1, 'you', TIMES);
        expect(lease).toEqual({ epoch: 2, takenOver: true });
      });

      it('is no take-over where the last holder released', async () => {
        const { epoch } = await store.leases.acquire(C1, 'me', TIMES);
        await store.leases.release(C1, epoch);

        const lease = await store.leases.acquire(C1, 'you', TIMES);

        expect(lease).toEqual({ epoch: 2, takenOver: false });
      });

      it('renews for the holder of the epoch alone', async () => {
        await store.leases.acquire(C1, 'me', TIMES);

        const own = await store.leases.renew(C1, 1, { now: 20_000, ttlMs: 30_000 });
        await store.leases.acquire(C1, 'you', { now: 50_000, ttlMs: 30_000 });
        const stale = await store.leases.renew(C1, 1, { now: 51_000, ttlMs: 30_000 });

        expect([own, stale]).toEqual([true, false]);
        expect(await store.leases.get(C1)).toMatchObject({ holder: 'you', epoch: 2, expiresAt: 80_000 });
      });

      it('leaves the lease of a later epoch when an old holder releases', async () => {
        await store.leases.acquire(C1, 'me', TIMES);
        await store.leases.acquire(C1, 'you', { now: 50_000, ttlMs: 30_000 });

        await store.leases.release(C1, 1);

        expect(await store.leases.get(C1)).toMatchObject({ holder: 'you' });
      });

      it('renews no lease that was released', async () => {
        await store.leases.acquire(C1, 'me', TIMES);
        await store.leases.release(C1, 1);

        expect(await store.leases.renew(C1, 1, TIMES)).toBe(false);
        expect(await store.leases.get(C1)).toBeUndefined();
      });

      it('gives no lease of a cluster that is not there', async () => {
        const acquire = store.leases.acquire(C2, 'me', TIMES);

        await expect(acquire).rejects.toMatchObject({ code: 'UNKNOWN_CLUSTER' });
      });

      it('lets one of many holders win a race', async () => {
        const holders = ['a', 'b', 'c', 'd', 'e'];

        const ends = await Promise.allSettled(holders.map((holder) => store.leases.acquire(C1, holder, TIMES)));

        expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1);
        expect(await store.clusters.byId(C1)).toMatchObject({ epoch: 1 });
      });
    });

    describe('transactions', () => {
      it('keeps all of a transaction and gives its result', async () => {
        const result = await store.transaction(async (tables) => {
          await tables.clusters.insert(aCluster());
          await tables.nodes.putNode(aNode());
          return (await tables.nodes.listNodes(C1)).length;
        });

        expect(result).toBe(1);
        expect(await store.nodes.listNodes(C1)).toEqual([aNode()]);
      });

      it('keeps nothing of a transaction that throws, and passes the error on', async () => {
        const digest = await store.blobs.put(Buffer.from('hello'));
        const failing = store.transaction(async (tables) => {
          await fill(tables, 'C1', 'demo');
          await tables.operations.insert(anOperation());
          await tables.operations.append([aStepEntry()]);
          await tables.events.append([anEvent()]);
          await tables.home.put('k', 1);
          await tables.blobs.removeExcept(new Set());
          throw new Error('stop here');
        });

        await expect(failing).rejects.toThrow('stop here');

        expect(await store.clusters.list()).toEqual([]);
        expect(await owned(store, C1)).toEqual({ nodes: 0, machines: 0, facts: 0, secrets: 0, lease: false });
        expect(await store.operations.list()).toEqual([]);
        expect(await store.operations.journal(O1)).toEqual([]);
        expect(await store.events.list({})).toEqual([]);
        expect(await store.home.list()).toEqual({});
        expect(await store.blobs.has(digest)).toBe(true);
      });

      it('takes back the epoch of a lease that was acquired in vain', async () => {
        await store.clusters.insert(aCluster());
        const failing = store.transaction(async (tables) => {
          await tables.leases.acquire(C1, 'me', TIMES);
          throw new Error('stop here');
        });

        await expect(failing).rejects.toThrow('stop here');

        expect(await store.clusters.byId(C1)).toMatchObject({ epoch: 0 });
        expect(await store.leases.get(C1)).toBeUndefined();
      });

      it('goes on after an error that the callback handles', async () => {
        await store.clusters.insert(aCluster());

        await store.transaction(async (tables) => {
          await expect(tables.clusters.insert(aCluster({ id: C2 }))).rejects.toMatchObject({ code: 'CLUSTER_EXISTS' });
          await tables.home.put('went', 'on');
        });

        expect(await store.home.get('went')).toBe('on');
      });

      it('runs transactions side by side as if one after the other', async () => {
        await store.home.put('counter', 0);
        const increment = () =>
          store.transaction(async (tables) => {
            await tables.home.put('counter', Number(await tables.home.get('counter')) + 1);
          });

        await Promise.all(Array.from({ length: 20 }, increment));

        expect(await store.home.get('counter')).toBe(20);
      });

      it('shows nobody else the writes of an open transaction', async () => {
        const seen: unknown[] = [];
        const reader = signal();
        const transaction = store.transaction(async (tables) => {
          await tables.home.put('k', 'first');
          reader.give();
          await tables.home.put('k', 'second');
        });
        await reader.given;

        seen.push(await store.home.get('k'));
        await transaction;

        expect(seen).not.toContain('first');
      });

      it('refuses a transaction within a transaction', async () => {
        const nested = store.transaction(() => store.transaction(async () => 'never'));

        await expect(nested).rejects.toThrow('A transaction uses the tables it is given');
      });

      it('refuses tables of the store itself within a transaction', async () => {
        const stray = store.transaction(() => store.home.put('k', 1));

        await expect(stray).rejects.toThrow('A transaction uses the tables it is given');
        expect(await store.home.get('k')).toBeUndefined();
      });

      it('marks no promise any more once the store is closed', async () => {
        const marksBefore = marksOnPromises();
        await store.transaction(() => Promise.resolve());

        await store.close();

        expect(marksOnPromises()).toEqual(marksBefore);
      });

      it('serves the code that a transaction started once it has ended', async () => {
        let later: Promise<unknown> = Promise.resolve();
        const ended = signal();

        await store.transaction(async (tables) => {
          await tables.home.put('k', 1);
          later = ended.given.then(() => store.home.get('k'));
        });
        ended.give();

        expect(await later).toBe(1);
      });
    });
  });
}

type Tables = Pick<Store, 'clusters' | 'nodes' | 'facts' | 'secrets' | 'leases'>;

/** A cluster with one of everything that it owns. */
async function fill(tables: Tables, id: string, name: string): Promise<void> {
  const clusterId = id as ClusterId;
  await tables.clusters.insert(aCluster({ id: clusterId, name }));
  await tables.nodes.putNode(aNode({ clusterId }));
  await tables.nodes.putMachine(aMachine({ clusterId, id: `M-${id}` as MachineId }));
  await tables.facts.put(aFact({ clusterId }));
  await tables.secrets.put(id, 'ssh', 'sealed');
  await tables.leases.acquire(clusterId, 'me', TIMES);
}

async function owned(tables: Tables, id: ClusterId) {
  return {
    nodes: (await tables.nodes.listNodes(id)).length,
    machines: (await tables.nodes.listMachines(id)).length,
    facts: (await tables.facts.list(id)).length,
    secrets: (await tables.secrets.list(id)).length,
    lease: (await tables.leases.get(id)) !== undefined,
  };
}

/** A promise that the test fulfils when it is time. */
function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? Infinity));
}

/** What the asynchronous contexts of this process leave on each promise that is made: up to Node 22 each has a symbol there. */
function marksOnPromises(): readonly symbol[] {
  return Object.getOwnPropertySymbols(Promise.resolve());
}
