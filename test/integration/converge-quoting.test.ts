import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect } from 'vitest';
import { Secret } from '../../src/errors/secret.js';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { quoteShell } from '../../src/cookbook/quote-shell.js';
import { fillSecrets, secretToken } from '../../src/cookbook/secret-token.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, describeInTurns } from './converge-support.js';

const NASTY = [
  "'",
  '"',
  '\\',
  '\n',
  '\t',
  '$(id)',
  '`id`',
  '${x}',
  '%s',
  '-n',
  '*',
  ' ',
  'é',
  '\u{1f600}',
  '\u0001',
  '\u0081',
  '\r',
  '!',
  '~',
  '&',
  ';',
  '#',
  '\u007f',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' })), { maxLength: 12 })
  .map((parts) => parts.join('').replaceAll('\0', ''));

describeInTurns(
  'values',
  (shell, it) => {
    let runner: BodyRunner;

    beforeEach(() => {
      runner = new BodyRunner();
    });
    afterEach(() => {
      runner.remove();
    });

    /** Writes this content by a recipe, and reads it back. */
    const roundTrip = (content: Buffer): Buffer => {
      const cookbook = recipeCookbook(`  - file: ${runner.folder}/x\n    source: x\n`, { 'files/x': content });
      const { script, contents } = compileRun(compileInput(), [cookbook]);
      const result = runner.run(script, { shell, contents });
      if (result.exitCode !== 0) throw new Error(result.stdout + result.stderr);
      return readFileSync(join(runner.folder, 'x'));
    };

    it('survive quoting, whatever text they are', () => {
      fc.assert(
        fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (values) => {
          const words = values.map((value) => quoteShell(wellFormed(value))).join(' ');

          const { stdout } = runner.run(`printf '%s\\001\\002' ${words}`, { shell });

          expect(stdout.split('\u0001\u0002').slice(0, -1)).toEqual(values.map((value) => wellFormed(value)));
        }),
        { numRuns: 40 },
      );
    });

    it('reach a file byte by byte, whatever bytes they are', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
          expect([...roundTrip(Buffer.from(bytes))]).toEqual([...bytes]);
        }),
        { numRuns: 25 },
      );
    });

    it('reach a file when they are a megabyte of quotes', () => {
      const content = Buffer.from("it's $(a) 'test'\n".repeat(62_000));

      expect(roundTrip(content).equals(content)).toBe(true);
    });

    it('reach a file when they are secrets, encoded as their place wants it', () => {
      fc.assert(
        fc.property(text, (value) => {
          const secret = wellFormed(value);
          const cookbook = recipeCookbook(
            `  - file: ${runner.folder}/x\n    mode: "0600"\n    content: '{{json attributes.s}}'\n  - execute: y\n    command: printf %s {{quote attributes.s}} >${runner.folder}/y\n`,
          );
          const run = compileRun(compileInput({ attributes: { demo: { s: secretToken('s') } } }), [cookbook]);

          const result = runner.run(fillSecrets(run.script, new Map([['s', new Secret(secret)]])).reveal(), { shell });

          expect(result.exitCode).toBe(0);
          expect(JSON.parse(readFileSync(join(runner.folder, 'x'), 'utf8'))).toBe(secret);
          expect(readFileSync(join(runner.folder, 'y'), 'utf8')).toBe(secret);
        }),
        { numRuns: 25 },
      );
    });

    it('come back in result lines as they were said', () => {
      fc.assert(
        fc.property(text, (value) => {
          const said = wellFormed(value).trimEnd();
          const cookbook = recipeCookbook(`  - execute: x\n    command: cat ${runner.folder}/said; exit 1\n`, {});
          roundTripInto(runner, 'said', said);

          const { lines } = runner.run(compileRun(compileInput(), [cookbook]).script, { shell });

          expect(lines[0]?.detail).toBe(said === '' ? 'exit 1' : `exit 1: ${said}`);
        }),
        { numRuns: 25 },
      );
    });

    it('name files, whatever a path may be', () => {
      const name = fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
        .filter((each) => !/[/\\{\p{Cc}]/u.test(each) && !/^\.{1,2}$/.test(each));

      fc.assert(
        fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), (names) => {
          const folder = join(runner.folder, String(names.length));
          const resources = names.map((each) => ({ file: `${folder}/  ${each}`, content: each }));
          const yaml = [{ directory: folder }, ...resources]
            .map((resource) => `  - ${JSON.stringify(resource)}\n`)
            .join('');
          const { script } = compileRun(compileInput(), [recipeCookbook(yaml)]);

          const [first, second] = [runner.run(script, { shell }), runner.run(script, { shell })];

          expect(first.exitCode).toBe(0);
          expect(new Set(second.lines.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
          for (const each of names) expect(readFileSync(`${folder}/  ${each}`, 'utf8')).toBe(each);
        }),
        { numRuns: 15 },
      );
    });
  },
  { shells: 2 },
);

/** Without lone surrogates, which have no UTF-8. */
function wellFormed(value: string): string {
  return Buffer.from(value).toString();
}

function roundTripInto(runner: BodyRunner, name: string, content: string): void {
  const cookbook = recipeCookbook(`  - file: ${runner.folder}/${name}\n    source: x\n`, { 'files/x': content });
  runner.run(compileRun(compileInput(), [cookbook]).script);
}
