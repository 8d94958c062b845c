// What one job of bin/test contributes to its last line.
import { existsSync, readFileSync } from 'node:fs';

/** Of a vitest JSON report: tests that passed, tests that failed, and files that could not even be loaded. */
function countReport(path) {
  if (!existsSync(path)) return { passed: 0, failed: 0 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(path, 'utf8'));
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + brokenFiles.length };
}

/** A check counts as one; a test job as its tests, and as one failure more where it failed without a failing test. */
export function countJob({ job, exitCode, seconds, report }) {
  if (report === null) return { job, seconds, passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1 };
  const { passed, failed } = countReport(report);
  return { job, seconds, passed, failed: exitCode !== 0 && failed === 0 ? 1 : failed };
}

/** One line per job, then `N passed, N failed`. */
export function formatSummary(results) {
  const lines = results.map(({ job, passed, failed, seconds }) => {
    const verdict = failed > 0 ? 'FAILED' : 'ok';
    return `${job.padEnd(12)} ${verdict.padEnd(6)} ${`${passed} passed, ${failed} failed`.padEnd(24)} ${seconds.toFixed(1)} s`;
  });
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  return [...lines, '', `${sum('passed')} passed, ${sum('failed')} failed`].join('\n');
}
