import { runOrFail } from '../run-process.mjs';
import { measured } from './meters.mjs';
import { runEverywhere } from './subjects/raw.mjs';
import { toCheck } from './to-check.mjs';
import { toScript } from './to-script.mjs';
import { toUndo } from './to-undo.mjs';
import { GREETINGS } from './workload.mjs';

const GREETING_OF = { first: GREETINGS.first, second: GREETINGS.first, line: GREETINGS.changed };

/**
 * One repetition of a tool: nodes undone, then its phases in order, each checked on every node. A second run has to change
 * nothing. Gives what each phase cost, by name.
 */
export async function runCycle(bench, subject, phases) {
  await subject.reset();
  await runEverywhere(bench, 'undo', () => toUndo(bench.resources));
  const costs = {};
  if (!phases.includes('first') || !isOf(subject, 'first')) await layWorkload(bench);
  for (const phase of phases) if (isOf(subject, phase)) costs[phase] = await runPhase(bench, subject, phase);
  return costs;
}

/** Not every subject has a first run. */
function isOf({ phases }, phase) {
  return phases === undefined || phases.includes(phase);
}

async function runPhase(bench, subject, phase) {
  const greeting = GREETING_OF[phase];
  await subject.setValue(greeting);
  const { argv, environment } = subject.command(phase);
  const { output, ...cost } = await measured(bench, () => runOrFail(bench.cgroup.argv(argv), environment));
  const changes = subject.countChanges(output, phase);
  await runEverywhere(bench, 'check', (values) => toCheck(bench.resources, { ...values, greeting }));
  if (phase === 'second' && changes !== 0)
    throw new Error(
      `the second run of ${subject.name} changed ${changes}:\n${(output.stderr + output.stdout).slice(-2000)}`,
    );
  return { ...cost, changes };
}

/** Where no first run is measured, the quickest way to the state that the next phase begins with. */
async function layWorkload(bench) {
  await runEverywhere(bench, 'lay', (values) =>
    toScript(bench.resources, { ...values, greeting: GREETINGS.first }, { batched: true }),
  );
}
