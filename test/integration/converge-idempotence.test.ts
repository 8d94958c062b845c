import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, SHELLS } from './converge-support.js';

const content = fc.oneof(
  fc.constant(''),
  fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !text.includes('{{') && !text.includes('\0')),
);
const mode = fc.constantFrom('0600', '0644', '0640', '0755');

/** What may stand beside any of them. */
const common = fc.record(
  {
    retry: fc.constant({ times: 1, delay_seconds: 0 }),
    timeout: fc.constant(60),
    for_each: fc.constant(['a', 'b']),
  },
  { requiredKeys: [] },
);

/** A resource of any kind that can act below a folder; its name comes later. */
const resource = fc.oneof(
  fc.record({ kind: fc.constant('directory'), mode }),
  fc.record({ kind: fc.constant('file'), mode, content }),
  fc.record({ kind: fc.constant('template'), mode, content, seed: fc.boolean() }),
  fc.record({ kind: fc.constant('link'), to: fc.constantFrom('..', 'nowhere', 'a b') }),
  fc.record({ kind: fc.constant('wait_for'), file: fc.constant('/etc') }),
);

describe.each(Object.entries(SHELLS))('any list of resources under %s', (_, shell) => {
  let runner: BodyRunner;

  beforeEach(() => {
    runner = new BodyRunner();
  });
  afterEach(() => {
    runner.remove();
  });

  it('changes in its first run what a check foretold, and nothing in its second', () => {
    let runs = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(resource, common), { minLength: 1, maxLength: 12 }), (list) => {
        const folder = `${runner.folder}/${(runs += 1)}`;
        const named = list.map(([{ kind, ...parameters }, more], index) => {
          const name = `${folder}/${index}`;
          const turn = more.for_each === undefined ? '' : '{{item}}';
          return { [kind]: `${name}${turn}`, ...parameters, ...more };
        });
        const yaml = [{ directory: folder }, ...named].map((each) => `  - ${JSON.stringify(each)}\n`).join('');
        const { script } = compileRun(compileInput(), [recipeCookbook(yaml)]);

        const foretold = runner.run(script, { shell, mode: 'check' });
        const first = runner.run(script, { shell });
        const second = runner.run(script, { shell });

        expect(foretold.outcomes.map((line) => line.replace('would-change', 'changed'))).toEqual(first.outcomes);
        expect(new Set(second.lines.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
        expect([first.exitCode, second.exitCode, second.stderr, second.detaches]).toEqual([0, 0, '', 0]);
      }),
      { numRuns: process.env['BDE_TEST_ALL'] === '1' ? 40 : 5 },
    );
  });
});
