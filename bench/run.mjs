// Runs the benchmarks and writes bench/results/: node bench/run.mjs [--repetitions N] [--no-results] [NAME…]
import { mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureClone } from './clone.mjs';
import { measureCompile } from './compile.mjs';
import { measureConverge } from './converge.mjs';
import { machineFacts } from './machine-facts.mjs';
import { measureMemory } from './memory.mjs';
import { formatResults } from './format-results.mjs';
import { ROOT, stopAll } from './run-process.mjs';
import { openSandbox } from './sandbox.mjs';
import { measureScale } from './scale.mjs';
import { measureShare } from './share.mjs';
import { measureStart } from './start.mjs';

const BENCHMARKS = {
  start: measureStart,
  clone: measureClone,
  share: measureShare,
  compile: measureCompile,
  converge: measureConverge,
  memory: measureMemory,
  scale: measureScale,
};

const USAGE = `Usage: node bench/run.mjs [--repetitions N] [--no-results] [NAME]...

Runs these benchmarks, or only those that are named: ${Object.keys(BENCHMARKS).join(', ')}.
Needs root: all but start, compile and scale make real machines. Takes a quarter of an hour; run it on an idle host.
`;

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { repetitions: { type: 'string' }, 'no-results': { type: 'boolean', default: false } },
  });
  const unknown = positionals.filter((name) => !(name in BENCHMARKS));
  const repetitions = values.repetitions === undefined ? {} : { repetitions: Number(values.repetitions) };
  if (unknown.length > 0 || Number.isNaN(repetitions.repetitions)) return undefined;
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
  return { names, repetitions, writes: !values['no-results'] };
}

/** Each in a home of its own, which goes with it. */
async function measure(name, repetitions) {
  const sandbox = openSandbox();
  try {
    return { ...(await BENCHMARKS[name]({ sandbox, ...repetitions })), machine: machineFacts() };
  } finally {
    await sandbox.close();
  }
}

/** One file a day; a benchmark that is run again replaces its part. */
function writeResults(results) {
  const folder = join(ROOT, 'bench', 'results');
  const file = join(folder, new Date().toISOString().slice(0, 10));
  mkdirSync(folder, { recursive: true });
  const earlier = existsSync(`${file}.json`) ? JSON.parse(readFileSync(`${file}.json`, 'utf8')) : {};
  const all = { formatVersion: 1, ...earlier, ...results };
  writeFileSync(`${file}.json`, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(`${file}.md`, formatResults(all));
}

async function main() {
  const order = readArguments();
  if (order === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  process.once('SIGINT', stopAll);
  process.once('SIGTERM', stopAll);
  for (const name of order.names) {
    const result = await measure(name, order.repetitions);
    for (const { what, measured, reference, ratio, target } of result.rows) {
      console.log([what, measured, reference, ratio, `target ${target}`].filter((cell) => cell !== '').join(' | '));
    }
    if (order.writes) writeResults({ [name]: result });
  }
  return 0;
}

process.exitCode = await main();
