import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT, runMeasured, runOrFail } from './run-process.mjs';

const PROGRAM = join(ROOT, 'node_modules', '.cache', 'bde-bench', 'scale.mjs');
const NEW = [1000, 2500, 5000, 10_000];
const RECORDED = [1000, 10_000];
const CREATED = 1000;

/** Plans of up to ten thousand nodes, and a create of a thousand, over machines that run nothing; each in a process of its own. */
export async function measureScale() {
  await buildProgram();
  const plans = [];
  for (const nodes of NEW)
    plans.push({ nodes, ...(await inFolder((folder) => measured('plan-of-new', folder, nodes))) });
  const changes = [];
  for (const nodes of RECORDED) changes.push({ nodes, ...(await inFolder((folder) => planChanges(folder, nodes))) });
  const create = { nodes: CREATED, ...(await inFolder((folder) => measured('create', folder, CREATED))) };
  const result = { repetitions: 1, plans, changes, create };
  return { ...result, rows: [...plans.map(newRow), ...changes.flatMap(changeRows), createRow(create)] };
}

/** A cluster that is recorded as its create left it: nothing to do, and one more node. */
async function planChanges(folder, nodes) {
  await runOrFail([process.execPath, PROGRAM, 'record', ROOT, folder, String(nodes - 1)]);
  const nothing = await measured('plan-of-change', folder, nodes - 1);
  return { nothing, oneMore: await measured('plan-of-change', folder, nodes) };
}

async function measured(what, folder, nodes) {
  const { stdout, peakMiB } = await runMeasured([process.execPath, PROGRAM, what, ROOT, folder, String(nodes)]);
  return { ...JSON.parse(stdout), peakMiB: Math.round(peakMiB) };
}

async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'bde-bench-scale-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The engine over fakes as one program, made anew: it has to be what the sources are. */
async function buildProgram() {
  mkdirSync(join(PROGRAM, '..'), { recursive: true });
  await build({
    entryPoints: [join(ROOT, 'bench', 'scale-program.ts')],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    loader: { '.sh': 'text', '.sql': 'text', '.txt': 'text' },
  });
}

function seconds({ ms, cpuMs, peakMiB }) {
  return `${(ms / 1000).toFixed(2)} s (${(cpuMs / 1000).toFixed(2)} s CPU), peak ${((peakMiB * 2 ** 20) / 1e6).toFixed(0)} MB`;
}

function newRow({ nodes, ...plan }) {
  return {
    what: `plan of a new cluster, ${nodes} nodes`,
    measured: seconds(plan),
    reference: `${((plan.cpuMs * 1000) / nodes).toFixed(0)} µs CPU a node, ${plan.steps} steps, ${plan.edges} waits`,
    ratio: '',
    target: nodes === 10_000 ? '< 2 s, < 500 MB' : '',
  };
}

function changeRows({ nodes, nothing, oneMore }) {
  const row = (what, plan) => ({
    what: `plan of ${what}, ${nodes} nodes recorded`,
    measured: seconds(plan),
    reference: `${((plan.cpuMs * 1000) / nodes).toFixed(0)} µs CPU a node, ${plan.steps} steps`,
    ratio: '',
    target: '',
  });
  return [row('nothing to do', nothing), row('one more node', oneMore)];
}

function createRow({ nodes, ms, cpuMs, steps, heapMiB, journalBytes }) {
  return {
    what: `create of ${nodes} nodes that run nothing`,
    measured: `${(ms / 1000).toFixed(1)} s (${(cpuMs / 1000).toFixed(1)} s CPU), ${(cpuMs / steps).toFixed(1)} ms CPU a step`,
    reference: `heap ${heapMiB[0]} MiB after 100 steps, ${heapMiB.at(-1)} MiB after ${steps}; journal ${(journalBytes / 1e6).toFixed(1)} MB`,
    ratio: '',
    target: 'flat memory',
  };
}

if (process.argv[1] === import.meta.filename) {
  const { rows } = await measureScale();
  for (const { what, measured: value, reference } of rows) process.stdout.write(`${what} | ${value} | ${reference}\n`);
}
