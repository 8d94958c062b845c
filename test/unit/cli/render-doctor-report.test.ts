import { describe, expect, it } from 'vitest';
import { renderDoctorReport } from '../../../src/cli/render-doctor-report.js';

const NODE = { level: 'ok', what: 'node', where: null, why: 'Node.js is 20.20.2', next: null } as const;

describe('renderDoctorReport', () => {
  it('says that all is well', () => {
    expect(renderDoctorReport({ formatVersion: 1, healthy: true, findings: [NODE], mended: [] })).toEqual([
      'ok       node: Node.js is 20.20.2',
      '',
      'All is well.',
    ]);
  });

  it('says what, where, why and next, and counts', () => {
    const problem = {
      level: 'problem',
      what: 'provider',
      where: 'local',
      why: 'lacks ip',
      next: 'Install it.',
    } as const;
    const warning = { level: 'warning', what: 'orphan', where: 'local', why: 'mount /a', next: 'Run x.' } as const;

    const lines = renderDoctorReport({
      formatVersion: 1,
      healthy: false,
      findings: [problem, warning, warning],
      mended: ['removed link a'],
    });

    expect(lines).toEqual([
      'problem  provider local: lacks ip',
      '         next: Install it.',
      'warning  orphan local: mount /a',
      '         next: Run x.',
      'warning  orphan local: mount /a',
      '         next: Run x.',
      '',
      'Mended:',
      '  removed link a',
      '',
      '1 problem, 2 warnings.',
    ]);
  });
});
