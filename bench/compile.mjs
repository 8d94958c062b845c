import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ROOT } from './run-process.mjs';
import { interleave, summarize } from './statistics.mjs';

const FEW = 10;
const MANY = 1000;
const PROGRAM = join(ROOT, 'node_modules', '.cache', 'bde-bench', 'compile.mjs');

/** Compiling every role of every node of a Mesos cluster; what one node costs must not grow with the nodes. */
export async function measureCompile({ repetitions = 5 }) {
  const compiler = await loadCompiler();
  const cookbooks = await compiler.readShipped(join(ROOT, 'cookbooks'));
  compiler.compileCluster(FEW, cookbooks);
  const { few, many } = await interleave(repetitions, {
    few: () => perRun(compiler, FEW, cookbooks),
    many: () => perRun(compiler, MANY, cookbooks),
  });
  const result = { nodes: MANY, repetitions, fewUs: summarize(few), manyUs: summarize(many) };
  return { ...result, rows: [row(result)] };
}

/** Microseconds for one role of one node. */
function perRun(compiler, nodes, cookbooks) {
  const before = process.hrtime.bigint();
  const runs = compiler.compileCluster(nodes, cookbooks);
  return Number(process.hrtime.bigint() - before) / 1000 / runs;
}

/** The pure core as one module, made anew: it has to be what the sources are. */
async function loadCompiler() {
  mkdirSync(join(PROGRAM, '..'), { recursive: true });
  await build({
    entryPoints: [join(ROOT, 'bench', 'compile-program.ts')],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    loader: { '.sh': 'text' },
  });
  return import(pathToFileURL(PROGRAM).href);
}

function row({ fewUs, manyUs }) {
  return {
    what: `compile of a role, Mesos on ${MANY} nodes`,
    measured: `${manyUs.median.toFixed(0)} µs`,
    reference: `the same on ${FEW} nodes: ${fewUs.median.toFixed(0)} µs`,
    ratio: (manyUs.median / fewUs.median).toFixed(2),
    target: '< 2',
  };
}

if (process.argv[1] === import.meta.filename) {
  const { rows } = await measureCompile({});
  process.stdout.write(`${JSON.stringify(rows[0], null, 2)}\n`);
}
