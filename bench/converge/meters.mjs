import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { cgroupRoot, cpuMsOf } from './cgroup.mjs';

const SAMPLE_MS = 50;
const PAGE_BYTES = 4096;

/**
 * What a run costs, beside its time: CPU of the controller (its cgroup) and of the nodes (theirs), bytes each way (the
 * host ends of the machines' links), and the most memory that the controller's processes had together.
 */
export async function measured({ cgroup, network }, act) {
  const before = read(cgroup, network);
  const memory = watchMemory(cgroup);
  try {
    const { wallMs, stdout, stderr } = await act();
    const after = read(cgroup, network);
    return { wallMs, ...costOf(before, after), peakMiB: memory.peakMiB(), output: { stdout, stderr } };
  } finally {
    memory.stop();
  }
}

/** Differences of two readings. */
export function costOf(before, after) {
  return {
    controllerCpuMs: after.controllerCpuMs - before.controllerCpuMs,
    nodesCpuMs: after.nodesCpuMs - before.nodesCpuMs,
    upBytes: after.upBytes - before.upBytes,
    downBytes: after.downBytes - before.downBytes,
  };
}

/** Where the machines of a home have their links and their cgroups. */
export function networkOf(homeKey) {
  return { bridge: `bde${homeKey}`, machines: join(cgroupRoot(), `bde-${homeKey}`) };
}

function read(cgroup, { bridge, machines }) {
  const links = readdirSync(`/sys/class/net/${bridge}/brif`).filter((name) => name.startsWith('vb-'));
  const nodes = readdirSync(machines, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return {
    controllerCpuMs: cpuMsOf(cgroup.path),
    nodesCpuMs: sum(nodes.map(({ name }) => cpuMsOf(join(machines, name, 'node')))),
    // What the host sends, the node receives.
    upBytes: sum(links.map((link) => counterOf(link, 'tx_bytes'))),
    downBytes: sum(links.map((link) => counterOf(link, 'rx_bytes'))),
  };
}

function counterOf(link, name) {
  return Number(readFileSync(`/sys/class/net/${link}/statistics/${name}`, 'utf8'));
}

/** Resident memory of all processes together, sampled; what they share counts in each. */
function watchMemory(cgroup) {
  let peak = 0;
  const sample = () => {
    peak = Math.max(peak, sum(cgroup.processes().map(residentBytes)));
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return { peakMiB: () => peak / 2 ** 20, stop: () => clearInterval(timer) };
}

function residentBytes(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
  } catch {
    // It ended between the list and the look.
    return 0;
  }
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
