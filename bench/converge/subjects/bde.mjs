import Sqlite from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ofKind } from '../workload.mjs';

/** bde itself: `cluster converge` of the whole cluster, with what it does beside the workload (base role, packages). */
export function bdeSubject(bench) {
  return converge('bde', bench, []);
}

/** The same, of the workload's role alone: what the other tools do. A role installs nothing, the package step does. */
export function bdeRoleSubject(bench) {
  const [{ names }] = ofKind(bench.resources, 'packages');
  const phases = names.length > 1 ? { phases: ['second', 'line'] } : {};
  return { ...converge('bde-role', bench, ['--role', 'wbench']), ...phases };
}

/** One command on every node over the same connections: what connecting costs without a converge. */
export function bdeExecSubject(bench) {
  return {
    ...converge('bde-exec', bench, []),
    phases: ['second'],
    command: (phase) => bdeCommand(bench, ['cluster', 'exec', bench.cluster, '--', 'true'], `bde-exec-${phase}`),
    countChanges: () => 0,
  };
}

function converge(name, bench, flags) {
  return {
    name,
    setValue: (greeting) => setAttribute(bench, greeting),
    command: (phase) => bdeCommand(bench, ['cluster', 'converge', bench.cluster, ...flags], `${name}-${phase}`),
    countChanges: () => bench.sandbox.readChanges('converge'),
  };
}

function bdeCommand({ sandbox, profile }, args, name) {
  const options = profile === '' ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${join(profile, name)}` };
  return { argv: [sandbox.program, ...args], environment: { ...sandbox.environment, ...options } };
}

/**
 * Pins the cluster's spec anew with that value of the attribute, as a command that changes a cluster's configuration does.
 * There is no such command yet: once there is, it is what the third phase measures, and this function goes.
 */
function setAttribute({ sandbox, cluster }, greeting) {
  const store = new Sqlite(join(sandbox.home, 'store.sqlite'));
  const get = (digest) =>
    JSON.parse(store.prepare('select content from blobs where digest = ?').get(digest).content.toString('utf8'));
  const put = (value) => {
    const content = Buffer.from(JSON.stringify(value));
    const digest = createHash('sha256').update(content).digest('hex');
    store.prepare('insert into blobs values (?, ?) on conflict do nothing').run(digest, content);
    return digest;
  };
  try {
    const pins = get(store.prepare('select pins from clusters where name = ?').get(cluster).pins);
    const resolved = { ...get(pins.resolved), configuration: { wbench: { greeting } } };
    store
      .prepare('update clusters set pins = ? where name = ?')
      .run(put({ ...pins, resolved: put(resolved) }), cluster);
  } finally {
    store.close();
  }
}
