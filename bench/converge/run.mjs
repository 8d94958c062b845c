// Measures bde beside other tools: node bench/converge/run.mjs --help
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineFacts } from '../machine-facts.mjs';
import { stopAll } from '../run-process.mjs';
import { measureInTurn } from './measure-in-turn.mjs';
import { openBench } from './open-bench.mjs';
import { readOptions, USAGE } from './options.mjs';
import { makeProject } from './project.mjs';
import { createSubjects } from './subjects/subjects.mjs';
import { workload } from './workload.mjs';
import { writeResults } from './write-results.mjs';

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  process.once('SIGINT', stopAll);
  process.once('SIGTERM', stopAll);
  for (const variant of options.variants) await measureVariant(variant, options);
  return 0;
}

async function measureVariant(variant, options) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bde-bench-project-')));
  try {
    const resources = workload(variant);
    const program = await makeProject(join(folder, 'project'), resources);
    for (const nodes of options.nodes) await measureSize({ variant, nodes, program, resources }, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureSize({ variant, nodes, program, resources }, options) {
  const bench = { ...(await openBench({ program, resources, nodes })), profile: options.profile };
  const subjects = createSubjects(bench, options.peers);
  const keep = (cells) => options.writes && writeResults(cells, machineFacts());
  try {
    for (const subject of subjects) await subject.open();
    for (const delayMs of options.delays) {
      await measureInTurn({ variant, nodes, delayMs }, { bench, subjects, options, keep });
    }
  } finally {
    for (const subject of subjects) await subject.close();
    await bench.close();
  }
}

process.exitCode = await main();
