import { join } from 'node:path';
import { ROOT } from '../../run-process.mjs';
import { GREETINGS, ofKind } from '../workload.mjs';

const PROFILER = join(ROOT, 'bench', 'converge', 'profile-process.mjs');

/**
 * bde itself: `cluster converge` of the whole cluster, with what it does beside the workload (base role, packages); the one
 * line is `cluster config`.
 */
export function bdeSubject(bench) {
  return {
    ...converge('bde', bench, []),
    command: (phase) => (phase === 'line' ? configCommand(bench) : convergeCommand('bde', bench, [], phase)),
    countChanges: (output, phase) => bench.sandbox.readChanges(phase === 'line' ? 'config' : 'converge'),
  };
}

/** The same, of the workload's role alone: what the other tools do. A role installs nothing, the package step does. */
export function bdeRoleSubject(bench) {
  const [{ names }] = ofKind(bench.resources, 'packages');
  return {
    ...converge('bde-role', bench, ['--role', 'wbench']),
    phases: names.length > 1 ? ['second'] : ['first', 'second'],
  };
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
    // The line before may have left the cluster's spec with another one.
    reset: () => bench.sandbox.bde(...configure(bench, GREETINGS.first)),
    command: (phase) => convergeCommand(name, bench, flags, phase),
    countChanges: () => bench.sandbox.readChanges('converge'),
  };
}

function convergeCommand(name, bench, flags, phase) {
  return bdeCommand(bench, ['cluster', 'converge', bench.cluster, ...flags], `${name}-${phase}`);
}

function configCommand(bench) {
  return bdeCommand(bench, configure(bench, GREETINGS.changed), 'bde-line');
}

function configure({ cluster }, greeting) {
  return ['cluster', 'config', cluster, '--set', `configuration.wbench.greeting=${greeting}`];
}

function bdeCommand({ sandbox, profile }, args, name) {
  const options =
    profile === '' ? {} : { NODE_OPTIONS: `--import ${PROFILER}`, BDE_BENCH_PROFILE: join(profile, name) };
  return { argv: [sandbox.program, ...args], environment: { ...sandbox.environment, ...options } };
}
