import { createBare } from './clone.mjs';
import { criticalPath, remoteDurations } from './critical-path.mjs';
import { median, summarize } from './statistics.mjs';

/** bde's own share of `mesos/basic --rehearse` with warm template and mirror: what is no critical path of remote work. */
export async function measureShare({ sandbox, repetitions = 5 }) {
  // As long as the home has a cluster, its mirror runs.
  await sandbox.bde(...createBare('keep', 1));
  await create(sandbox);
  const runs = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) runs.push(await create(sandbox));
  await sandbox.bde('cluster', 'delete', 'keep', '--yes');
  const shares = runs.map(({ wallMs, remoteMs }) => ((wallMs - remoteMs) / wallMs) * 100);
  const result = {
    repetitions,
    totalMs: summarize(runs.map((each) => each.wallMs)),
    remoteMs: summarize(runs.map((each) => each.remoteMs)),
    ownPercent: summarize(shares),
    controllerCpuMs: summarize(runs.map((each) => each.cpuMs)),
    controllerPeakMiB: summarize(runs.map((each) => each.peakMiB)),
    path: medianRun(runs).path,
  };
  return { ...result, rows: [row(result)] };
}

async function create(sandbox) {
  const { wallMs, cpuMs, peakMiB } = await sandbox.measuredBde(
    ...['cluster', 'create', 'share', '--spec', 'mesos/basic', '--rehearse'],
  );
  const { steps, journal } = sandbox.readJournal('create');
  await sandbox.bde('cluster', 'delete', 'share', '--yes');
  const durations = remoteDurations(steps, journal);
  const longest = criticalPath(steps, durations);
  const path = longest.steps.map((id) => ({ step: id, ms: durations.get(id) }));
  return { wallMs, cpuMs, peakMiB, remoteMs: longest.ms, path };
}

function medianRun(runs) {
  const middle = median(runs.map((each) => each.wallMs));
  return runs.reduce((best, each) => (Math.abs(each.wallMs - middle) < Math.abs(best.wallMs - middle) ? each : best));
}

function row({ totalMs, ownPercent, remoteMs, controllerCpuMs }) {
  return {
    what: "`mesos/basic --rehearse`, warm: bde's own share",
    measured: `${ownPercent.median.toFixed(1)} % of ${(totalMs.median / 1000).toFixed(1)} s, ${(controllerCpuMs.median / 1000).toFixed(1)} s CPU`,
    reference: `remote work: ${(remoteMs.median / 1000).toFixed(1)} s`,
    ratio: '',
    target: '< 15 %',
  };
}
