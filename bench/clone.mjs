import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runOrFail } from './run-process.mjs';
import { compare, interleave, summarize } from './statistics.mjs';

const LOOP = join(ROOT, 'bench', 'bare-loop.sh');

/** From the first clone to the moment when every node has answered over ssh, against a shell loop that does as much. */
export async function measureClone({ sandbox, repetitions = 5, counts = [5, 20] }) {
  await makeTemplate(sandbox);
  const results = [];
  for (const count of counts) results.push(await measureCount(count, sandbox, repetitions));
  return { repetitions, counts: results, rows: results.map(row) };
}

async function measureCount(count, sandbox, repetitions) {
  const name = `clone${count}`;
  const { loop, bde } = await interleave(repetitions, {
    loop: async (repetition) => Number((await bareLoop(count, sandbox, repetition)).stdout.trim()),
    bde: async () => {
      const { wallMs, cpuMs } = await sandbox.measuredBde(...createBare(name, count));
      const upMs = machinePhase(sandbox.readJournal('create'));
      await sandbox.bde('cluster', 'delete', name, '--yes');
      return { upMs, wallMs, cpuMs };
    },
  });
  const upMs = bde.map((each) => each.upMs);
  return {
    count,
    loopMs: summarize(loop),
    upMs: summarize(upMs),
    commandMs: summarize(bde.map((each) => each.wallMs)),
    controllerCpuMs: summarize(bde.map((each) => each.cpuMs)),
    ratio: compare(upMs, loop),
  };
}

/** Arguments that create machines without software. */
export function createBare(name, count) {
  return ['cluster', 'create', name, '--spec', 'bare/basic', '--set', `nodeGroups.node.instanceNum=${count}`];
}

async function makeTemplate(sandbox) {
  await sandbox.bde(...createBare('first', 1));
  await sandbox.bde('cluster', 'delete', 'first', '--yes');
}

function bareLoop(count, sandbox, repetition) {
  const templates = join(sandbox.machinesFolder, 'templates');
  const [image] = readdirSync(templates).filter((name) => name.endsWith('.squashfs'));
  return runOrFail([LOOP, join(templates, image), String(count), `${sandbox.home}-loop-${count}-${repetition}`]);
}

/** Milliseconds from the first machine step's start to the last one's end. */
function machinePhase({ steps, journal }) {
  const machines = new Set(steps.filter((step) => step.kind === 'machine').map((step) => step.id));
  const times = journal.filter((entry) => entry.type === 'step' && machines.has(entry.stepId)).map((entry) => entry.at);
  return Math.max(...times) - Math.min(...times);
}

function row({ count, loopMs, upMs, ratio }) {
  return {
    what: `clone to all nodes answer ssh, ${count} nodes`,
    measured: `${(upMs.median / 1000).toFixed(2)} s`,
    reference: `shell loop: ${(loopMs.median / 1000).toFixed(2)} s`,
    ratio: `${ratio.medians.toFixed(2)} (best: ${ratio.minima.toFixed(2)})`,
    target: '≤ 1.3',
  };
}
