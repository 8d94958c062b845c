import type { MachineRecord, NodeRecord, NodeTable } from '../engine/ports/store.js';
import { BdeError } from '../errors/bde-error.js';
import { fromJson, toJson } from './json-column.js';
import { requireCluster } from './require-row.js';
import type { Row, StoreDatabase } from './schema.js';
import { withinTransaction } from './within-transaction.js';

export function createNodeTable(db: StoreDatabase): NodeTable {
  return {
    putNode: (node) => putNode(db, node),
    listNodes: async (clusterId, name) => {
      const nodes = selectNodes(db).where('cluster_id', '=', clusterId);
      return (await (name === undefined ? nodes : nodes.where('name', '=', name)).execute()).map(toNode);
    },
    removeNode: async (clusterId, name) => {
      await db.deleteFrom('nodes').where('cluster_id', '=', clusterId).where('name', '=', name).execute();
    },
    reservedAddresses: async (network) => {
      const rows = await db.selectFrom('nodes').select('address').where('network', '=', network).execute();
      return rows.map((row) => row.address);
    },
    putMachine: (machine) => putMachine(db, machine),
    listMachines: async (clusterId, node) => {
      const machines = selectMachines(db).where('cluster_id', '=', clusterId);
      return (await (node === undefined ? machines : machines.where('node_name', '=', node)).execute()).map(toMachine);
    },
    memberships: async (clusterId) => {
      const members = db.selectFrom('nodes').select(['name', 'member_of_json']).where('cluster_id', '=', clusterId);
      const rows = await members.where('member_of_json', '!=', toJson([])).execute();
      return new Map(rows.map((row) => [row.name, fromJson(row.member_of_json)]));
    },
    removeMachine: async (id) => {
      await db.deleteFrom('machines').where('id', '=', id).execute();
    },
  };
}

async function putNode(db: StoreDatabase, node: NodeRecord): Promise<void> {
  const row = toNodeRow(node);
  await withinTransaction(db, async (transaction) => {
    await requireCluster(transaction, node.clusterId);
    await transaction
      .insertInto('nodes')
      .values(row)
      .onConflict((conflict) => conflict.columns(['cluster_id', 'name']).doUpdateSet(row))
      .execute();
  });
}

async function putMachine(db: StoreDatabase, machine: MachineRecord): Promise<void> {
  const row = toMachineRow(machine);
  await withinTransaction(db, async (transaction) => {
    await requireCluster(transaction, machine.clusterId);
    if (machine.standing === 'current') await refuseSecondCurrent(transaction, machine);
    await transaction
      .insertInto('machines')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  });
}

/** The index `machines_current` says the same; this one says it in words. */
async function refuseSecondCurrent(db: StoreDatabase, machine: MachineRecord): Promise<void> {
  const other = await selectMachines(db)
    .where('cluster_id', '=', machine.clusterId)
    .where('node_name', '=', machine.nodeName)
    .where('standing', '=', 'current')
    .where('id', '!=', machine.id)
    .executeTakeFirst();
  if (other === undefined) return;
  throw new BdeError('STATE_INVALID', `Node ${machine.nodeName} has a current machine already, ${other.id}.`, {
    hint: 'Run the command again: another bde process works on this cluster.',
    subject: { node: machine.nodeName },
  });
}

function selectNodes(db: StoreDatabase) {
  return db.selectFrom('nodes').selectAll().orderBy('group_name').orderBy('group_index');
}

function selectMachines(db: StoreDatabase) {
  return db.selectFrom('machines').selectAll().orderBy('generation').orderBy('id');
}

function toNode(row: Row<'nodes'>): NodeRecord {
  return {
    clusterId: row.cluster_id,
    name: row.name,
    group: row.group_name,
    index: row.group_index,
    ordinal: row.ordinal,
    roles: fromJson(row.roles_json),
    address: row.address,
    network: row.network,
    applied: fromJson(row.applied_json),
    memberOf: fromJson(row.member_of_json),
    power: row.power,
  };
}

function toNodeRow(node: NodeRecord): Row<'nodes'> {
  return {
    cluster_id: node.clusterId,
    name: node.name,
    group_name: node.group,
    group_index: node.index,
    ordinal: node.ordinal,
    roles_json: toJson(node.roles),
    address: node.address,
    network: node.network,
    applied_json: toJson(node.applied),
    member_of_json: toJson(node.memberOf),
    power: node.power,
  };
}

function toMachine(row: Row<'machines'>): MachineRecord {
  return {
    id: row.id,
    clusterId: row.cluster_id,
    nodeName: row.node_name,
    generation: row.generation,
    standing: row.standing,
    hostKey: row.host_key,
    shape: fromJson(row.shape_json),
    createdAt: row.created_at,
  };
}

function toMachineRow(machine: MachineRecord): Row<'machines'> {
  return {
    id: machine.id,
    cluster_id: machine.clusterId,
    node_name: machine.nodeName,
    generation: machine.generation,
    standing: machine.standing,
    host_key: machine.hostKey,
    shape_json: toJson(machine.shape),
    created_at: machine.createdAt,
  };
}
