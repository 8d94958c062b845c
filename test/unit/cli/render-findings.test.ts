import { describe, expect, it } from 'vitest';
import { renderCatalogueVerdict } from '../../../src/cli/render-catalogue-verdict.js';
import { renderFindings } from '../../../src/cli/render-findings.js';
import { renderSpecVerdicts } from '../../../src/cli/render-spec-verdicts.js';
import { BdeError } from '../../../src/errors/bde-error.js';
import { errorToJson } from '../../../src/report/error-json.js';

const UNKNOWN_ROLE = errorToJson(
  new BdeError('SPEC_UNKNOWN_ROLE', 'a.json:3:14: no cookbook has a role "zk"', { hint: 'Use one of: zookeeper.' }),
);
const UNREADABLE = errorToJson(new BdeError('FILE_UNREADABLE', 'b\u001b[2J.json does not exist'));

describe('renderFindings', () => {
  it('gives each finding with its code and what to do', () => {
    expect(renderFindings([UNKNOWN_ROLE, UNREADABLE])).toEqual([
      '  - a.json:3:14: no cookbook has a role "zk" [SPEC_UNKNOWN_ROLE]',
      '    next: Use one of: zookeeper.',
      '  - b.json does not exist [FILE_UNREADABLE]',
    ]);
  });
});

describe('renderSpecVerdicts', () => {
  it('tells files that hold and files that do not in their order', () => {
    const lines = renderSpecVerdicts({
      formatVersion: 1,
      holds: false,
      files: [
        { file: 'mesos/basic', holds: true, nodeCount: 9, warnings: ['2 nodes tolerate 0 failures'], errors: [] },
        { file: 'a.json', holds: false, nodeCount: null, warnings: [], errors: [UNKNOWN_ROLE] },
      ],
    });

    expect(lines).toEqual([
      'mesos/basic: holds, 9 nodes',
      '  warning: 2 nodes tolerate 0 failures',
      'a.json: 1 error',
      '  - a.json:3:14: no cookbook has a role "zk" [SPEC_UNKNOWN_ROLE]',
      '    next: Use one of: zookeeper.',
    ]);
  });
});

describe('renderCatalogueVerdict', () => {
  const counts = { distros: 3, specs: 2, cookbooks: 5 };

  it('says what was looked at when all holds', () => {
    const verdict = { formatVersion: 1 as const, holds: true, counts, warnings: [], errors: [] };

    expect(renderCatalogueVerdict(verdict)).toEqual(['3 distros, 2 specs, 5 cookbooks: all hold']);
  });

  it('counts and lists what is wrong', () => {
    const verdict = {
      formatVersion: 1 as const,
      holds: false,
      counts,
      warnings: ['w'],
      errors: [UNREADABLE, UNREADABLE],
    };

    expect(renderCatalogueVerdict(verdict)).toEqual([
      '3 distros, 2 specs, 5 cookbooks: 2 errors',
      '  warning: w',
      '  - b.json does not exist [FILE_UNREADABLE]',
      '  - b.json does not exist [FILE_UNREADABLE]',
    ]);
  });
});
