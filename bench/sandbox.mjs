import Sqlite from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, run, runMeasured, runOrFail } from './run-process.mjs';

const BDE = join(ROOT, 'bin', 'bde');

/**
 * A home of bde in a temporary folder, with an identity of its own. `close` takes its clusters, machines and folders away;
 * the host's caches (template, built packages) are shared with all homes and stay.
 *
 * @param {string} [program] the `bde` of another project root than this one
 */
export function openSandbox(program = BDE) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bde-bench-')));
  const home = join(folder, 'home');
  mkdirSync(join(folder, 'identity'), { mode: 0o700 });
  const environment = { BDE_HOME: home, BDE_IDENTITY: join(folder, 'identity', 'identity'), BDE_YES: '1' };
  const homeKey = createHash('sha256').update(home).digest('hex').slice(0, 8);
  const sandbox = {
    home,
    homeKey,
    folder,
    program,
    environment,
    machinesFolder: join('/var/lib/bde-local', homeKey),
    bde: (...args) => runOrFail([sandbox.program, ...args], environment),
    measuredBde: (...args) => runMeasured([sandbox.program, ...args], environment),
    json: async (...args) => JSON.parse((await sandbox.bde(...args, '--json')).stdout),
    /** Plan and journal of the last operation of that kind. */
    readJournal: (kind) => withStore(home, (store) => readJournal(store, kind)),
    /** How many resources the last operation of that kind changed. */
    readChanges: (kind) => withStore(home, (store) => readChanges(store, kind)),
    /** Address and public host key of each machine. */
    readMachines: () => withStore(home, readMachines),
    close: () => closeSandbox(sandbox, folder),
  };
  return sandbox;
}

function withStore(home, read) {
  const store = new Sqlite(join(home, 'store.sqlite'), { readonly: true });
  try {
    return read(store);
  } finally {
    store.close();
  }
}

function readJournal(store, kind) {
  const operation = store
    .prepare('select id, plan from operations where kind = ? order by started_at desc, id desc limit 1')
    .get(kind);
  const { content } = store.prepare('select content from blobs where digest = ?').get(operation.plan);
  const journal = store
    .prepare('select step_id as stepId, at, type, subject from journal where operation_id = ? order by sequence')
    .all(operation.id);
  return { steps: JSON.parse(content.toString('utf8')).steps, journal };
}

function readChanges(store, kind) {
  const rows = store
    .prepare(
      `select data_json as data from events where kind = 'converged' and operation_id =
         (select id from operations where kind = ? order by started_at desc, id desc limit 1)`,
    )
    .all(kind);
  return rows.reduce((total, { data }) => total + JSON.parse(data).changed.length, 0);
}

function readMachines(store) {
  return store
    .prepare(
      `select nodes.name, nodes.address, machines.host_key as hostKey from machines
       join nodes on nodes.cluster_id = machines.cluster_id and nodes.name = machines.node_name
       where machines.standing = 'current' order by nodes.address`,
    )
    .all();
}

async function closeSandbox({ home, program, environment, machinesFolder }, folder) {
  if (existsSync(join(home, 'store.sqlite'))) {
    const { stdout } = await run([program, 'cluster', 'list', '--json'], environment);
    for (const { name } of JSON.parse(stdout).clusters)
      await run([program, 'cluster', 'delete', name, '--yes'], environment);
    await run([program, 'repo', 'stop'], environment);
  }
  rmSync(folder, { recursive: true, force: true });
  // Templates of the home; no machine is left in it, or it could not be removed.
  if (existsSync(machinesFolder)) await run(['rm', '-rf', '--one-file-system', machinesFolder]);
}
