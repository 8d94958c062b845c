import type {
  ClusterRecord,
  EventRecord,
  FactRecord,
  StepEntry,
  MachineRecord,
  NodeRecord,
  OperationRecord,
} from '../../src/engine/ports/store.js';
import type { ClusterId, Digest, MachineId, NodeName, OperationId, StepId } from '../../src/errors/ids.js';

/** Valid records for store tests; each takes what the test is about. */
export function aCluster(part: Partial<ClusterRecord> = {}): ClusterRecord {
  return {
    id: 'C1' as ClusterId,
    name: 'demo',
    state: 'PROVISIONING',
    provider: 'local',
    spec: 'mesos/basic',
    distro: 'mesos@1.11',
    rehearsal: false,
    pins: 'aa' as Digest,
    epoch: 0,
    recordCount: 0,
    recordLeft: null,
    createdAt: 1_000,
    sshPublicKey: 'ssh-ed25519 AAAA',
    formerPins: null,
    isProtected: false,
    ...part,
  };
}

export function aNode(part: Partial<NodeRecord> = {}): NodeRecord {
  return {
    clusterId: 'C1' as ClusterId,
    name: 'demo-master-0' as NodeName,
    group: 'master',
    index: 0,
    ordinal: 1,
    roles: ['zookeeper', 'mesos_master'],
    address: '10.77.3.10',
    network: 'main',
    applied: { zookeeper: 'ab' as Digest },
    memberOf: ['zookeeper'],
    power: 'on',
    ...part,
  };
}

export function aMachine(part: Partial<MachineRecord> = {}): MachineRecord {
  return {
    id: 'M1' as MachineId,
    clusterId: 'C1' as ClusterId,
    nodeName: 'demo-master-0' as NodeName,
    generation: 1,
    standing: 'current',
    hostKey: 'ssh-ed25519 BBBB',
    shape: { size: { cpuCount: 1, memoryMiB: 1024, diskGiB: 10 }, swapMiB: 0, dataDisksGiB: [8] },
    createdAt: 2_000,
    ...part,
  };
}

export function anOperation(part: Partial<OperationRecord> = {}): OperationRecord {
  return {
    id: 'O1' as OperationId,
    clusterId: 'C1' as ClusterId,
    clusterName: 'demo',
    kind: 'create',
    state: 'running',
    startedAt: 3_000,
    endedAt: null,
    user: 'root',
    host: 'controller',
    request: { spec: 'mesos/basic', set: ['a=1'] },
    plan: null,
    outcome: null,
    cancelAsked: false,
    ...part,
  };
}

export function aStepEntry(part: Partial<Pick<StepEntry, 'operationId' | 'epoch' | 'stepId'>> = {}): StepEntry {
  return {
    operationId: 'O1' as OperationId,
    epoch: 1,
    at: 4_000,
    type: 'step',
    stepId: 'create demo-master-0' as StepId,
    state: 'running',
    detail: {},
    ...part,
  };
}

export function anEvent(part: Partial<EventRecord> = {}): Omit<EventRecord, 'sequence'> {
  return {
    at: 5_000,
    clusterId: 'C1' as ClusterId,
    operationId: 'O1' as OperationId,
    kind: 'step',
    node: 'demo-master-0',
    role: null,
    text: 'started',
    data: { ms: 12 },
    ...part,
  };
}

export function aFact(part: Partial<FactRecord> = {}): FactRecord {
  return {
    clusterId: 'C1' as ClusterId,
    node: 'demo-master-0' as NodeName,
    role: 'zookeeper',
    name: 'port',
    generation: 1,
    value: 2181,
    secret: false,
    ...part,
  };
}
