import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countJob, formatSummary } from '../../../scripts/count-tests.mjs';

let folder: string;
let report: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bde-count-'));
  report = join(folder, 'unit.json');
});

afterEach(() => rmSync(folder, { recursive: true }));

function writeReport(numPassedTests: number, numFailedTests: number, testResults: readonly object[]): void {
  writeFileSync(report, JSON.stringify({ numPassedTests, numFailedTests, testResults }));
}

describe('countJob', () => {
  it('counts a check as one', () => {
    expect(countJob({ job: 'lint', exitCode: 0, seconds: 2, report: null })).toMatchObject({ passed: 1, failed: 0 });
    expect(countJob({ job: 'lint', exitCode: 2, seconds: 2, report: null })).toMatchObject({ passed: 0, failed: 1 });
  });

  it('counts the tests of a report', () => {
    writeReport(40, 2, [{ status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'failed' }] }]);

    expect(countJob({ job: 'unit', exitCode: 1, seconds: 2, report })).toMatchObject({ passed: 40, failed: 2 });
  });

  it('counts a file that did not load as a failure', () => {
    writeReport(40, 0, [{ status: 'failed', assertionResults: [] }]);

    expect(countJob({ job: 'unit', exitCode: 1, seconds: 2, report })).toMatchObject({ passed: 40, failed: 1 });
  });

  it('counts an error outside of any test as a failure', () => {
    writeReport(40, 0, [{ status: 'passed', assertionResults: [{ status: 'passed' }] }]);

    expect(countJob({ job: 'unit', exitCode: 1, seconds: 2, report })).toMatchObject({ passed: 40, failed: 1 });
  });

  it('counts a run that died without a report as a failure', () => {
    expect(countJob({ job: 'e2e', exitCode: 1, seconds: 2, report })).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('formatSummary', () => {
  it('ends with the sum of all jobs on one line', () => {
    const text = formatSummary([
      { job: 'lint', passed: 1, failed: 0, seconds: 8.24 },
      { job: 'unit', passed: 410, failed: 2, seconds: 3 },
    ]);

    expect(text.split('\n')).toEqual([
      'lint         ok     1 passed, 0 failed       8.2 s',
      'unit         FAILED 410 passed, 2 failed     3.0 s',
      '',
      '411 passed, 2 failed',
    ]);
  });
});
