import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, runOrFail } from '../../run-process.mjs';
import { writeTree } from '../project.mjs';
import { toScript } from '../to-script.mjs';
import { valuesOf } from '../values-of.mjs';

const FAN_OUT = join(ROOT, 'bench', 'converge', 'fan-out.sh');

/** The whole script over one new OpenSSH connection per node, each look a process of its own. */
export function rawSubject(bench) {
  return script('raw', bench, { batched: false });
}

/** The same with one look over all files. */
export function rawBatchedSubject(bench) {
  return script('raw-batched', bench, { batched: true });
}

/** The same over connections that are open already. */
export function rawOpenSubject(bench) {
  const control = join(bench.folder, 'control');
  return {
    ...script('raw-open', bench, { batched: true, control }),
    open: () => openConnections(bench, control),
    close: () => closeConnections(bench, control),
  };
}

/** Runs a script on every node, each with text of its own; `toText` gives it for the node's values. */
export async function runEverywhere(bench, name, toText) {
  const folder = join(bench.folder, 'scripts', name);
  writeScripts(bench, folder, toText);
  return runOrFail(fanOut(bench, folder, 'none'));
}

function script(name, bench, { batched, control = 'none' }) {
  const folder = join(bench.folder, 'scripts', name);
  return {
    name,
    setValue: (greeting) =>
      writeScripts(bench, folder, (values) => toScript(bench.resources, values, { batched }), greeting),
    command: () => ({ argv: fanOut(bench, folder, control), environment: {} }),
    countChanges: ({ stdout }) => countChanges(stdout),
  };
}

/** Each script ends with a line `changed=N`. */
export function countChanges(stdout) {
  return [...stdout.matchAll(/^changed=(\d+)$/gm)].reduce((total, [, count]) => total + Number(count), 0);
}

function writeScripts(bench, folder, toText, greeting) {
  const values = bench.members.map((member) => valuesOf(member, bench.members, greeting));
  writeTree(folder, Object.fromEntries(values.map((each) => [`${each.node_addr}.sh`, toText(each)])));
}

function fanOut({ access, members }, folder, control) {
  return [FAN_OUT, access.key, access.knownHosts, folder, control, ...members.map(({ address }) => address)];
}

function ssh({ access }, control) {
  return [
    ...['ssh', '-F', 'none', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes'],
    ...['-o', `UserKnownHostsFile=${access.knownHosts}`, '-i', access.key, '-o', `ControlPath=${control}/%h`],
  ];
}

async function openConnections(bench, control) {
  mkdirSync(control, { recursive: true });
  // Of ssh's own streams none may stay open, or the command that leaves it behind never ends.
  const quiet = ['/bin/sh', '-c', 'exec "$@" </dev/null >/dev/null 2>&1', 'ssh'];
  for (const { address } of bench.members) {
    const command = [...quiet, ...ssh(bench, control), '-M', '-N', '-f', `root@${address}`];
    await runOrFail(bench.cgroup.argv(command));
  }
}

async function closeConnections(bench, control) {
  for (const { address } of bench.members) await run([...ssh(bench, control), '-O', 'exit', `root@${address}`]);
}
