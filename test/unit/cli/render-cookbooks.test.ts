import { describe, expect, it } from 'vitest';
import { renderCookbookTest } from '../../../src/cli/render-cookbook-test.js';
import { renderDrift, renderDriftTimer } from '../../../src/cli/render-drift.js';
import { renderLintReport } from '../../../src/cli/render-lint-report.js';
import type { TestedResource } from '../../../src/cli/services/cookbooks/judge-test.js';

const RESOURCE: TestedResource = {
  node: 'n-0',
  role: 'web',
  resource: 'execute[x]',
  first: 'changed',
  firstMs: 1500,
  check: 'unchanged',
  second: 'changed',
  secondMs: 20,
  detail: null,
};

const TEST = {
  formatVersion: 1,
  cookbook: 'demo',
  roles: ['web'],
  kept: null,
  idempotent: true,
  resources: [{ ...RESOURCE, second: 'unchanged' }],
  changedFirst: 1,
  changedAgain: [],
  disagreements: [],
} as const;

describe('renderCookbookTest', () => {
  it('says that a cookbook is idempotent, and where the time went', () => {
    expect(renderCookbookTest(TEST)).toEqual([
      'demo: web',
      'First run: 1 resource changed, of 1.',
      'Second run: nothing changed. It is idempotent.',
      'The check before it said the same.',
      '',
      'RESOURCE    ROLE  NODE  FIRST  SECOND',
      'execute[x]  web   n-0   1.5 s   20 ms',
    ]);
  });

  it('names what changed again, what the check said, and where the machines are', () => {
    const lines = renderCookbookTest({
      ...TEST,
      idempotent: false,
      changedAgain: [{ ...RESOURCE, detail: 'ran' }],
      disagreements: [RESOURCE],
      kept: { home: '/h', cluster: 'test1' },
    });

    expect(lines.slice(2, 6)).toEqual([
      'Second run: 1 resource changed again. It is NOT idempotent:',
      '  execute[x] of web on n-0: ran',
      'The check before it said otherwise:',
      '  execute[x] of web on n-0: the check said unchanged, the run changed',
    ]);
    expect(lines.slice(-2)).toEqual([
      '  BDE_HOME=/h BDE_IDENTITY=/h/identity bde cluster show test1',
      '  BDE_HOME=/h BDE_IDENTITY=/h/identity bde cluster delete test1',
    ]);
  });
});

describe('renderLintReport', () => {
  it('prints findings as compilers do, and counts them', () => {
    const report = {
      formatVersion: 1,
      holds: false,
      cookbooks: [{ name: 'demo', path: 'demo' }],
      shellcheck: false,
      findings: [
        {
          rule: 'unknown-variable',
          severity: 'error',
          message: 'a\nb',
          hint: 'Write it.',
          file: 'f.yaml',
          line: 2,
          column: 3,
        },
      ],
    } as const;

    expect(renderLintReport(report)).toEqual([
      'f.yaml:2:3: error: a b [unknown-variable]',
      '  next: Write it.',
      '1 cookbook: 1 error, 0 warnings',
      'Shell was read by sh -n alone, for shellcheck is not installed.',
    ]);
  });
});

describe('renderDrift', () => {
  const drift = {
    formatVersion: 1,
    cluster: 'zk',
    drifted: true,
    checked: 9,
    differences: [
      { node: 'n-0', role: 'web', resource: 'file[/a]', outcome: 'would-change', detail: 'content', diff: '-a\n+b\n' },
      { node: 'n-1', role: 'web', resource: 'user[u]', outcome: 'failed', detail: 'no getent', diff: null },
    ],
  } as const;

  it('says that there is none', () => {
    expect(renderDrift({ ...drift, drifted: false, differences: [] }, true)).toEqual([
      'No drift: 9 resources of zk are as they were applied.',
    ]);
  });

  it('lists what differs, with diffs where they are asked for', () => {
    expect(renderDrift(drift, true)).toEqual([
      'NODE  ROLE  RESOURCE  DETAIL',
      'n-0   web   file[/a]  content',
      'n-1   web   user[u]   failed: no getent',
      '',
      '-a\n+b',
      '',
      'Put it right with: bde cluster converge zk',
    ]);
    expect(renderDrift(drift, false)).not.toContain('-a\n+b');
  });

  it('prints units with their names, or says how to begin with those it wrote', () => {
    const timer = { formatVersion: 1, cluster: 'zk', units: [{ name: 'u', text: '[Unit]\n' }], written: null } as const;

    expect(renderDriftTimer(timer)).toEqual(['# u', '[Unit]']);
    expect(renderDriftTimer({ ...timer, written: '/etc' })).toEqual([
      'Wrote /etc/u',
      'Begin with: systemctl daemon-reload && systemctl enable --now bde-drift-zk.timer',
    ]);
  });
});
