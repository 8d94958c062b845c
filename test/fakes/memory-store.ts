import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type {
  BlobTable,
  ClusterRecord,
  ClusterTable,
  EventRecord,
  EventTable,
  FactRecord,
  FactTable,
  HomeTable,
  JournalEntry,
  LeaseRecord,
  LeaseTable,
  MachineRecord,
  NodeRecord,
  NodeTable,
  OperationRecord,
  OperationTable,
  SecretTable,
  Store,
  StoreTables,
} from '../../src/engine/ports/store.js';
import { BdeError } from '../../src/errors/bde-error.js';
import type { ClusterId, Digest, OperationId } from '../../src/errors/ids.js';

/** Everything, in maps whose values are never changed in place: a copy of the maps is a snapshot. */
interface State {
  clusters: Map<string, ClusterRecord>;
  nodes: Map<string, NodeRecord>;
  machines: Map<string, MachineRecord>;
  operations: Map<string, OperationRecord>;
  journal: readonly JournalEntry[];
  blobs: Map<string, Buffer>;
  events: readonly EventRecord[];
  lastSequence: number;
  facts: Map<string, FactRecord>;
  secrets: Map<string, SealedRow>;
  leases: Map<string, LeaseRecord>;
  home: Map<string, unknown>;
}

interface SealedRow {
  readonly owner: string;
  readonly name: string;
  readonly sealed: string;
  readonly setAt: number | null;
}

/** Does one thing to the state; sees a state that no other is changing. Checks before it changes, so it is all or nothing. */
type Access = <Result>(work: (state: State) => Result) => Promise<Result>;

/** The store port without a disk: the same promises, gone with the process. */
export function createMemoryStore(): Store {
  let state = emptyState();
  let last: Promise<unknown> = Promise.resolve();
  const scope = new AsyncLocalStorage<{ open: boolean }>();

  async function alone<Result>(work: () => Promise<Result>): Promise<Result> {
    if (scope.getStore()?.open === true) {
      throw new Error('A transaction uses the tables it is given: neither the store itself nor a second transaction.');
    }
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  return {
    ...createTables((work) => alone(async () => work(state))),
    transaction: (work) =>
      alone(async () => {
        const draft = copyState(state);
        const mark = { open: true };
        try {
          const result = await scope.run(mark, () => work(createTables(async (act) => act(draft))));
          state = draft;
          return result;
        } finally {
          mark.open = false;
        }
      }),
    close: async () => {
      await last;
      scope.disable();
    },
  };
}

function emptyState(): State {
  return {
    clusters: new Map(),
    nodes: new Map(),
    machines: new Map(),
    operations: new Map(),
    journal: [],
    blobs: new Map(),
    events: [],
    lastSequence: 0,
    facts: new Map(),
    secrets: new Map(),
    leases: new Map(),
    home: new Map(),
  };
}

function copyState(state: State): State {
  return {
    clusters: new Map(state.clusters),
    nodes: new Map(state.nodes),
    machines: new Map(state.machines),
    operations: new Map(state.operations),
    journal: state.journal,
    blobs: new Map(state.blobs),
    events: state.events,
    lastSequence: state.lastSequence,
    facts: new Map(state.facts),
    secrets: new Map(state.secrets),
    leases: new Map(state.leases),
    home: new Map(state.home),
  };
}

function createTables(access: Access): StoreTables {
  return {
    clusters: clusterTable(access),
    nodes: nodeTable(access),
    operations: operationTable(access),
    blobs: blobTable(access),
    events: eventTable(access),
    facts: factTable(access),
    secrets: secretTable(access),
    leases: leaseTable(access),
    home: homeTable(access),
  };
}

function clusterTable(access: Access): ClusterTable {
  return {
    insert: (cluster) =>
      access((state) => {
        if (find(state.clusters, ({ name }) => name === cluster.name)) {
          throw new BdeError('CLUSTER_EXISTS', `A cluster named '${cluster.name}' exists already.`, {
            subject: { cluster: cluster.name },
          });
        }
        state.clusters.set(cluster.id, kept(cluster));
      }),
    update: (id, change) =>
      access((state) => {
        const before = requireCluster(state, id);
        const { name, epoch } = before;
        state.clusters.set(id, { ...before, ...kept(change), id, name, epoch });
      }),
    byName: (name) => access((state) => find(state.clusters, (cluster) => cluster.name === name)),
    byId: (id) => access((state) => state.clusters.get(id)),
    list: () => access((state) => sorted(state.clusters.values(), (a, b) => compare(a.name, b.name))),
    remove: (id) =>
      access((state) => {
        state.clusters.delete(id);
        state.leases.delete(id);
        for (const map of [state.nodes, state.machines, state.facts]) {
          drop<{ readonly clusterId: ClusterId }>(map, ({ clusterId }) => clusterId === id);
        }
        drop(state.secrets, ({ owner }) => owner === id);
      }),
  };
}

function nodeTable(access: Access): NodeTable {
  return {
    putNode: (node) =>
      access((state) => {
        requireCluster(state, node.clusterId);
        state.nodes.set(key(node.clusterId, node.name), kept(node));
      }),
    listNodes: (id) =>
      access((state) => {
        const nodes = [...state.nodes.values()].filter(({ clusterId }) => clusterId === id);
        return sorted(nodes, (a, b) => compare(a.group, b.group) || a.index - b.index);
      }),
    removeNode: (clusterId, name) => access((state) => void state.nodes.delete(key(clusterId, name))),
    reservedAddresses: (network) =>
      access((state) => [...state.nodes.values()].filter((node) => node.network === network).map((n) => n.address)),
    putMachine: (machine) =>
      access((state) => {
        requireCluster(state, machine.clusterId);
        if (machine.standing === 'current') refuseSecondCurrent(state, machine);
        state.machines.set(machine.id, kept(machine));
      }),
    listMachines: (id) =>
      access((state) => {
        const machines = [...state.machines.values()].filter(({ clusterId }) => clusterId === id);
        return sorted(machines, (a, b) => a.generation - b.generation || compare(a.id, b.id));
      }),
    removeMachine: (id) => access((state) => void state.machines.delete(id)),
  };
}

function refuseSecondCurrent(state: State, machine: MachineRecord): void {
  const other = find(
    state.machines,
    ({ id, clusterId, nodeName, standing }) =>
      standing === 'current' && clusterId === machine.clusterId && nodeName === machine.nodeName && id !== machine.id,
  );
  if (other === undefined) return;
  throw new BdeError('STATE_INVALID', `Node ${machine.nodeName} has a current machine already, ${other.id}.`);
}

function operationTable(access: Access): OperationTable {
  return {
    insert: (operation) =>
      access((state) => {
        if (state.operations.has(operation.id)) throw new Error(`Operation ${operation.id} is in the store already.`);
        state.operations.set(operation.id, kept(operation));
      }),
    update: (id, change) =>
      access((state) => {
        state.operations.set(id, { ...requireOperation(state, id), ...kept(change), id });
      }),
    byId: (id) => access((state) => state.operations.get(id)),
    list: (id) =>
      access((state) => {
        const operations = [...state.operations.values()].filter((one) => id === undefined || one.clusterId === id);
        return sorted(operations, (a, b) => b.startedAt - a.startedAt || compare(b.id, a.id));
      }),
    newest: (id) =>
      access((state) => {
        const [first] = [...state.operations.values()]
          .filter((one) => one.clusterId === id)
          .sort((a, b) => b.startedAt - a.startedAt || compare(b.id, a.id));
        return first;
      }),
    append: (entries) =>
      access((state) => {
        for (const entry of entries) refuseStale(state, entry);
        state.journal = [...state.journal, ...kept(entries)];
      }),
    journal: (id) => access((state) => state.journal.filter((entry) => entry.operationId === id)),
    recentSteps: (limit) => access((state) => state.journal.filter((entry) => entry.type === 'step').slice(-limit)),
  };
}

function refuseStale(state: State, entry: JournalEntry): void {
  const cluster = state.clusters.get(requireOperation(state, entry.operationId).clusterId ?? '');
  if (cluster === undefined || cluster.epoch <= entry.epoch) return;
  throw new BdeError('LEASE_LOST', `Cluster '${cluster.name}' is at epoch ${cluster.epoch}.`, {
    subject: { cluster: cluster.name },
    data: { epoch: entry.epoch, clusterEpoch: cluster.epoch },
  });
}

function blobTable(access: Access): BlobTable {
  return {
    put: (content) =>
      access((state) => {
        const digest = createHash('sha256').update(content).digest('hex') as Digest;
        state.blobs.set(digest, Buffer.from(content));
        return digest;
      }),
    get: (digest) =>
      access((state) => {
        const content = state.blobs.get(digest);
        if (content === undefined) throw new BdeError('STATE_INVALID', `The store has no blob ${digest}.`);
        return Buffer.from(content);
      }),
    has: (digest) => access((state) => state.blobs.has(digest)),
    removeExcept: (keep) =>
      access((state) => {
        const doomed = [...state.blobs.keys()].filter((digest) => !keep.has(digest as Digest));
        for (const digest of doomed) state.blobs.delete(digest);
        return doomed.length;
      }),
  };
}

function eventTable(access: Access): EventTable {
  return {
    append: (events) =>
      access((state) => {
        const numbered = kept(events).map((event, index) => ({ ...event, sequence: state.lastSequence + index + 1 }));
        state.events = [...state.events, ...numbered];
        state.lastSequence += events.length;
      }),
    list: ({ clusterId, operationId, after = 0, limit }) =>
      access((state) => {
        const wanted = state.events.filter(
          (event) =>
            event.sequence > after &&
            (clusterId === undefined || event.clusterId === clusterId) &&
            (operationId === undefined || event.operationId === operationId),
        );
        return wanted.slice(0, limit);
      }),
  };
}

function factTable(access: Access): FactTable {
  return {
    put: (fact) =>
      access((state) => {
        requireCluster(state, fact.clusterId);
        state.facts.set(key(fact.clusterId, fact.node, fact.role, fact.name), kept(fact));
      }),
    list: (id) =>
      access((state) => {
        const facts = [...state.facts.values()].filter(({ clusterId }) => clusterId === id);
        return sorted(facts, (a, b) => compare(a.node, b.node) || compare(a.role, b.role) || compare(a.name, b.name));
      }),
    removeOfNode: (id, name, ofRole) =>
      access((state) =>
        drop(
          state.facts,
          ({ clusterId, node, role }) => clusterId === id && node === name && (ofRole ?? role) === role,
        ),
      ),
  };
}

function secretTable(access: Access): SecretTable {
  return {
    put: (owner, name, sealed, setAt) =>
      access((state) => void state.secrets.set(key(owner, name), { owner, name, sealed, setAt: setAt ?? null })),
    get: (owner, name) => access((state) => state.secrets.get(key(owner, name))?.sealed),
    list: (owner) =>
      access((state) => {
        const secrets = [...state.secrets.values()].filter((secret) => secret.owner === owner);
        return sorted(secrets, (a, b) => compare(a.name, b.name)).map(({ name }) => name);
      }),
    setTimes: (owner) =>
      access((state) => {
        const secrets = [...state.secrets.values()].filter((secret) => secret.owner === owner);
        return new Map(secrets.flatMap(({ name, setAt }) => (setAt === null ? [] : [[name, setAt] as const])));
      }),
    remove: (owner, name) => access((state) => void state.secrets.delete(key(owner, name))),
  };
}

function leaseTable(access: Access): LeaseTable {
  return {
    acquire: (clusterId, holder, { now, ttlMs }) =>
      access((state) => {
        const cluster = requireCluster(state, clusterId);
        const lease = state.leases.get(clusterId);
        const isOthers = lease !== undefined && lease.holder !== holder;
        if (isOthers && lease.expiresAt > now) throw leaseHeld(lease, now);
        const epoch = cluster.epoch + 1;
        state.clusters.set(clusterId, { ...cluster, epoch, recordCount: 0 });
        state.leases.set(clusterId, { clusterId, holder, epoch, expiresAt: now + ttlMs });
        return { epoch, takenOver: isOthers };
      }),
    renew: (clusterId, epoch, { now, ttlMs }) =>
      access((state) => {
        const lease = state.leases.get(clusterId);
        if (lease?.epoch !== epoch) return false;
        state.leases.set(clusterId, { ...lease, expiresAt: now + ttlMs });
        return true;
      }),
    release: (clusterId, epoch) =>
      access((state) => {
        if (state.leases.get(clusterId)?.epoch === epoch) state.leases.delete(clusterId);
      }),
    expire: (clusterId) =>
      access((state) => {
        const lease = state.leases.get(clusterId);
        if (lease !== undefined) state.leases.set(clusterId, { ...lease, expiresAt: 0 });
      }),
    get: (clusterId) => access((state) => state.leases.get(clusterId)),
  };
}

function leaseHeld(lease: LeaseRecord, now: number): BdeError {
  const { clusterId, holder, epoch, expiresAt } = lease;
  return new BdeError('LEASE_HELD', `The cluster is held by ${holder}.`, {
    data: { clusterId, holder, epoch, remainingMs: expiresAt - now },
  });
}

function homeTable(access: Access): HomeTable {
  return {
    put: (name, value) => access((state) => void state.home.set(name, kept(value) ?? null)),
    get: (name) => access((state) => state.home.get(name)),
    list: () => access((state) => Object.fromEntries(sorted(state.home, ([a], [b]) => compare(a, b)))),
  };
}

function requireCluster(state: State, id: ClusterId): ClusterRecord {
  const cluster = state.clusters.get(id);
  if (cluster !== undefined) return cluster;
  throw new BdeError('UNKNOWN_CLUSTER', `The store has no cluster with the id ${id}.`, { subject: { cluster: id } });
}

function requireOperation(state: State, id: OperationId): OperationRecord {
  const operation = state.operations.get(id);
  if (operation !== undefined) return operation;
  throw new BdeError('UNKNOWN_OPERATION', `The store has no operation with the id ${id}.`);
}

/**
 * A copy through JSON, as a database makes it: what JSON does not carry must not come back here either. It is frozen, so that
 * whoever reads it may have the very value.
 */
function kept<Value>(value: Value): Value {
  return value === undefined ? value : frozen(JSON.parse(JSON.stringify(value)) as Value);
}

function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

function key(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function find<Value>(map: ReadonlyMap<string, Value>, matches: (value: Value) => boolean): Value | undefined {
  return [...map.values()].find(matches);
}

function drop<Value>(map: Map<string, Value>, matches: (value: Value) => boolean): void {
  for (const [name, value] of [...map]) if (matches(value)) map.delete(name);
}

function sorted<Value>(values: Iterable<Value>, order: (a: Value, b: Value) => number): readonly Value[] {
  return [...values].sort(order);
}

/** By code unit, as SQLite compares text. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
