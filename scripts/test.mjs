// Runs every check as a named job, one after another, all of them whatever the others say; then one gate.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { countJob, formatSummary } from './count-tests.mjs';
import { endWhenStuck } from './end-when-stuck.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Every shell script of the checkout; those below src/ travel inside the bundle. */
function listShellScripts() {
  const inSource = readdirSync(join(ROOT, 'src'), { recursive: true }).filter((path) => path.endsWith('.sh'));
  return ['bin/bde', 'bin/test', '.ci/run', 'scripts/bootstrap.sh', ...inSource.map((path) => join('src', path))];
}

const CHECKS = {
  format: ['prettier', '--check', '.'],
  lint: ['eslint', '.', '--max-warnings', '0'],
  types: ['tsc', '--noEmit'],
  direction: ['depcruise', '--config', '.dependency-cruiser.cjs', 'src'],
  'dead-code': ['knip'],
  shell: ['shellcheck', '--shell=sh', ...listShellScripts()],
};
const TESTS = ['unit', 'contract', 'integration', 'e2e'];
const JOBS = [...Object.keys(CHECKS), ...TESTS];

/** No test that is run without `--all` may take as long (`vitest.config.ts`). */
const STUCK_MINUTES = 20;

const USAGE = `Usage: bin/test [--all] [JOB]...

Runs the jobs in this order, or only those that are named: ${JOBS.join(', ')}.
  --all   also the tests that take long (files named *.all.test.ts)
`;

function argvOf(job, report) {
  if (job in CHECKS) return CHECKS[job];
  return [
    'vitest',
    'run',
    '--project',
    `${job}*`,
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    '--reporter=./scripts/running-tests.mjs',
    `--outputFile.json=${report}`,
  ];
}

function start([tool, ...args], environment) {
  const path = `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  return spawn(tool, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment, PATH: path },
  });
}

/** 1 where a signal ended the job. */
function exitCodeOf(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

async function runJob(job, reports, runsAll) {
  const report = join(reports, `${job}.json`);
  const running = join(reports, `${job}.running`);
  console.log(`\n=== ${job} ===`);
  writeFileSync(running, '');
  const startedAt = Date.now();
  const environment = { BDE_RUNNING_TESTS: running, ...(runsAll ? { BDE_TEST_ALL: '1' } : {}) };
  const child = start(argvOf(job, report), environment);
  if (!runsAll) endWhenStuck(child, { running, stuckMs: STUCK_MINUTES * 60_000, onStuck });
  const exitCode = await exitCodeOf(child);
  return countJob({ job, exitCode, seconds: (Date.now() - startedAt) / 1000, report: job in CHECKS ? null : report });
}

function onStuck(running) {
  console.log(`\nNo test began or ended for ${STUCK_MINUTES} minutes; the job is killed. Running:`);
  for (const test of running) console.log(`  ${test}`);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { all: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  const unknown = positionals.filter((name) => !JOBS.includes(name));
  if (values.help || unknown.length > 0) {
    process.stderr.write(unknown.length > 0 ? `bin/test: no job named ${unknown.join(', ')}\n${USAGE}` : USAGE);
    return unknown.length > 0 ? 2 : 0;
  }
  const reports = mkdtempSync(join(tmpdir(), 'bde-test-'));
  try {
    const results = [];
    for (const job of JOBS.filter((name) => positionals.length === 0 || positionals.includes(name))) {
      results.push(await runJob(job, reports, values.all));
    }
    console.log(`\n${formatSummary(results)}`);
    return results.some((result) => result.failed > 0) ? 1 : 0;
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

// A Ctrl-C reaches the running job as well; once it has ended, no other one is started.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
process.exitCode = await main();
