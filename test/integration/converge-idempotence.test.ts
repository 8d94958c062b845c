import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { listOfKinds } from './converge-every-kind.js';
import { BodyRunner, SHELLS } from './converge-support.js';
import { SYSTEMCTL } from './fake-systemctl.js';

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

/** Kinds that act below a folder, or on programs that stand in for the node's. */
const CONTAINED = [
  ...['archive', 'block_in_file', 'config_map', 'directory', 'fact', 'file', 'line_in_file', 'link', 'package'],
  ...['remote_file', 'service', 'template', 'wait_for'],
];

/** Programs of a node that is not there. */
const PROGRAMS: Readonly<Record<string, string>> = {
  systemctl: SYSTEMCTL,
  rpm: "#!/bin/sh\nprintf 'alpha\\t0:1-1.noarch\\n'\n",
  dnf: '#!/bin/sh\n',
  curl: '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\ncp "$FILES/${4##*/}" "$2"\n',
};

const sumOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

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

  it('changes nothing in its second run over every kind that can be contained in a folder', () => {
    const at = (name: string) => `${runner.folder}/${name}`;
    for (const folder of ['bin', 'units', 'files']) mkdirSync(at(folder));
    for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(at(`bin/${name}`), text, { mode: 0o755 });
    for (const name of ['svc-0', 'svc-1']) writeFileSync(at(`units/${name}.service`), 'loaded inactive disabled no\n');
    writeFileSync(at('files/tool'), 'a file of the mirror\n');
    execFileSync('tar', ['-C', at('files'), '-cf', at('tool.tar'), 'tool']);
    const before = `PATH=${at('bin')}:$PATH; export UNITS=${at('units')} FILES=${at('files')}`;
    const surroundings = {
      disk: '',
      user: '',
      archive: { path: at('tool.tar'), sha256: sumOf(at('tool.tar')) },
      remote: { repo: 'files', source: 'tool', sha256: sumOf(at('files/tool')) },
    };
    const input = compileInput({
      mirror: { url: 'https://m', caPath: '/ca', repos: [{ name: 'files', gpgKeyPath: '/k' }] },
      lockedPackages: { alpha: 'alpha-1-1.noarch' },
    });
    const role = 'summary: x\nrunList: ["demo::main"]\nfacts: { count: { schema: { type: integer } } }\n';

    fc.assert(
      fc.property(listOfKinds(CONTAINED, surroundings), (list) => {
        const yaml = list.map((each) => `  - ${JSON.stringify(each).replaceAll('@/', at(''))}\n`).join('');
        const { script } = compileRun(input, [recipeCookbook(yaml, { 'roles/demo.yaml': role })]);

        const first = runner.run(script, { shell, before });
        const second = runner.run(script, { shell, before });

        expect(first.lines.filter(({ outcome }) => outcome !== 'changed' && outcome !== 'unchanged')).toEqual([]);
        expect(second.lines.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
        expect([first.lines.length, second.exitCode, second.stderr, second.detaches]).toEqual([list.length, 0, '', 0]);
      }),
      { numRuns: 1, endOnFailure: true },
    );
  });
});
