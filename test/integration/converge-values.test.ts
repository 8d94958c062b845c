import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { compileRun } from '../../src/cookbook/compile-run.js';
import type { Json } from '../../src/cookbook/types.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { describeInTurns, setUpBench, type BodyResult } from './converge-support.js';

/** What a shell, a template, a pattern, an option parser or a printer of settings could take for its own. */
const NASTY = [
  ...["'", '"', '\\', '\n', '\t', '\r', ' ', '$(id)', '`id`', '${x}', '$', '%s', '%', '-n', '--', '*', '?', '[a]'],
  ...['{{node.name}}', '}}', '!', '~', '&', '|', ';', '#', '<', '>', '(', '=', ':', ',', '.', '^', "'\\''"],
  ...['é', '\u{1f600}', '\u0001', '\u001b[0m', '\u007f', '\u0081', '\u2028', '\ufeff', '\ud800', 'EOF', '\\n', '\\0'],
];

/** Any text without NUL, which no shell word can hold; without lone surrogates, which have no UTF-8. */
const text = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' })), { maxLength: 12 })
  .map((parts) => Buffer.from(parts.join('').replaceAll('\0', '')).toString());
const line = text.map((value) => value.replace(/[\n\r]/g, '')).filter((value) => value !== '');
const path = line.map((value) => value.replace(/\p{Cc}/gu, '')).filter((value) => value !== '');
const valuesOf = (value: fc.Arbitrary<string>) => fc.uniqueArray(value, { minLength: 1, maxLength: 8 });

describeInTurns(
  'any value',
  (shell, it) => {
    const bench = setUpBench(shell);
    let runs = 0;

    /** Runs a recipe, in which `@` is a new folder and `values` the attribute, twice; what the first run made is read. */
    const twice = (recipe: string, values: Json, before: (folder: string) => string = () => '') => {
      const folder = bench.at(String((runs += 1)));
      const cookbook = recipeCookbook(`  - directory: ${folder}\n${recipe.replaceAll('@', folder)}`);
      const { script, contents } = compileRun(compileInput({ attributes: { demo: { values } } }), [cookbook]);
      const run = (): BodyResult => bench.run(script, { contents, before: before(folder) });
      const [first, second] = [run(), run()];
      if (first.exitCode !== 0) throw new Error(first.stdout + first.stderr);
      return {
        first,
        again: new Set(second.lines.map(({ outcome }) => outcome)),
        read: (name: string) => readFileSync(join(folder, name), 'utf8'),
        linkOf: (name: string) => readlinkSync(join(folder, name)),
      };
    };
    const UNCHANGED = new Set(['unchanged']);

    it('reaches the content of a file, a block and a line, and is there in the second run', () => {
      const recipe = `
  - file: "@/file-{{index}}"
    for_each: attributes.values
    content: "{{item}}"
  - block_in_file: "@/block-{{index}}"
    for_each: attributes.values
    content: "{{item}}"
  - line_in_file: "@/line-{{index}}"
    for_each: attributes.values
    line: "{{item}}"
`;
      fc.assert(
        fc.property(valuesOf(line), (values) => {
          const { read, again } = twice(recipe, values);

          for (const [index, value] of values.entries()) {
            expect(read(`file-${index}`)).toBe(value);
            expect(read(`block-${index}`)).toBe(`# bde block: begin\n${value}\n# bde block: end\n`);
            expect(read(`line-${index}`)).toBe(`${value}\n`);
          }
          expect(again).toEqual(UNCHANGED);
        }),
        { numRuns: 6 },
      );
    });

    it('reaches a file and a block when it is of several lines or of none', () => {
      const recipe = `
  - file: "@/file-{{index}}"
    for_each: attributes.values
    content: "{{item}}"
  - block_in_file: "@/block-{{index}}"
    for_each: attributes.values
    content: "{{item}}"
`;
      fc.assert(
        fc.property(
          valuesOf(
            fc.oneof(
              fc.array(text).map((parts) => parts.join('\n')),
              fc.constant(''),
            ),
          ),
          (values) => {
            const { read, again } = twice(recipe, values);

            for (const [index, value] of values.entries()) {
              const lines = value === '' ? '' : `${value.replace(/\n$/, '')}\n`;
              expect(read(`file-${index}`)).toBe(value);
              expect(read(`block-${index}`)).toBe(`# bde block: begin\n${lines}# bde block: end\n`);
            }
            expect(again).toEqual(UNCHANGED);
          },
        ),
        { numRuns: 6 },
      );
    });

    it('reaches a command by quote, and by its environment', () => {
      const recipe = `
  - execute: quoted {{index}}
    for_each: attributes.values
    command: printf %s {{quote item}} >@/quoted-{{index}}
  - execute: environment {{index}}
    for_each: attributes.values
    environment: { VALUE: "{{item}}" }
    command: printenv VALUE | head -c -1 >@/environment-{{index}}
`;
      fc.assert(
        fc.property(valuesOf(text), (values) => {
          const { read } = twice(recipe, values);

          for (const [index, value] of values.entries()) {
            expect(read(`quoted-${index}`)).toBe(value);
            expect(read(`environment-${index}`)).toBe(value);
          }
        }),
        { numRuns: 6 },
      );
    });

    it('reaches guards by quote, which judge it as it is', () => {
      const recipe = `
  - file: "@/given-{{index}}"
    for_each: attributes.values
    content: "{{item}}"
  - link: "@/held-{{index}}"
    for_each: attributes.values
    to: x
    only_if: test x{{quote item}} = x"$(cat @/given-{{index}})"
    not_if: test x{{quote item}} != x"$(cat @/given-{{index}})"
`;
      fc.assert(
        fc.property(valuesOf(line), (values) => {
          const { linkOf } = twice(recipe, values);

          for (const index of values.keys()) expect(linkOf(`held-${index}`)).toBe('x');
        }),
        { numRuns: 5 },
      );
    });

    it('reaches a file of settings, of which its own reader makes the same', () => {
      const recipe = `
  - config_map: "@/json-{{index}}"
    for_each: attributes.values
    format: json
    values: { key: "{{item}}" }
  - config_map: "@/yaml-{{index}}"
    for_each: attributes.values
    format: yaml
    values: { key: "{{item}}" }
`;
      fc.assert(
        fc.property(valuesOf(text), (values) => {
          const { read, again } = twice(recipe, values);

          for (const [index, value] of values.entries()) {
            expect(JSON.parse(read(`json-${index}`))).toEqual({ key: value });
            expect(parseYaml(read(`yaml-${index}`))).toEqual({ key: value });
          }
          expect(again).toEqual(UNCHANGED);
        }),
        { numRuns: 6 },
      );
    });

    it('reaches the comment of a user, and is compared as it is', () => {
      const accounts = (folder: string) => `
getent() {
  [ "$1" = passwd ] && [ -e ${folder}/comment ] || return 2
  printf 'web:x:100:100:%s:/home/web:/bin/sh\\n' "$(cat ${folder}/comment)"
}
useradd() {
  while [ "$#" -gt 0 ]; do
    if [ "$1" = -c ]; then printf %s "$2" >${folder}/comment; fi
    shift
  done
}
`;
      const recipe = '  - user: web\n    comment: "{{attributes.values}}"\n';
      fc.assert(
        fc.property(
          line.map((value) => value.replaceAll(':', '') || 'x'),
          (value) => {
            const { read, again } = twice(recipe, value, accounts);

            expect(read('comment')).toBe(value);
            expect(again).toEqual(UNCHANGED);
          },
        ),
        { numRuns: 10 },
      );
    });

    it('is the target of a link', () => {
      const recipe = '  - link: "@/link-{{index}}"\n    for_each: attributes.values\n    to: "{{item}}"\n';
      fc.assert(
        fc.property(valuesOf(path), (values) => {
          const { linkOf, again } = twice(recipe, values);

          for (const [index, value] of values.entries()) expect(linkOf(`link-${index}`)).toBe(value);
          expect(again).toEqual(UNCHANGED);
        }),
        { numRuns: 5 },
      );
    });

    it('names a resource, comes back in its result line, and its notification is kept and heard', () => {
      const recipe = `
  - execute: "{{item}}"
    for_each: attributes.values
    command: ":"
    notify: run execute[heard]
  - execute: heard
    notified_only: true
    command: echo heard >>@/heard
`;
      fc.assert(
        fc.property(valuesOf(line), (values) => {
          const { first, read } = twice(recipe, values);

          const ids = first.lines.map(({ resource }) => resource);
          expect(ids.slice(1, -2)).toEqual(values.map((value) => `execute[${value}]`));
          expect(ids.at(-1)).toBe('run execute[heard]');
          expect(read('heard')).toBe('heard\nheard\n');
        }),
        { numRuns: 5 },
      );
    });

    it('is the marker of a block, where it is a word', () => {
      const recipe = `
  - block_in_file: "@/file"
    for_each: attributes.values
    marker: "{{item}}"
    content: "{{index}}"
`;
      fc.assert(
        fc.property(valuesOf(fc.stringMatching(/^[A-Za-z0-9_][\w.@:+-]{0,127}$/)), (values) => {
          const { read, again } = twice(recipe, values);

          expect(read('file')).toBe(
            values.map((value, index) => `# bde ${value}: begin\n${index}\n# bde ${value}: end\n`).join(''),
          );
          expect(again).toEqual(UNCHANGED);
        }),
        { numRuns: 5 },
      );
    });

    it('may be of a megabyte wherever no program takes it as an argument', () => {
      const value = 'it\'s $(a) `b` "c" \\ é %s '.repeat(40_000);
      const recipe = `
  - file: "@/file"
    content: "{{attributes.values}}"
  - config_map: "@/json"
    format: json
    values: { key: "{{attributes.values}}" }
  - block_in_file: "@/block"
    content: "{{attributes.values}}"
  - line_in_file: "@/line"
    line: "{{attributes.values}}"
  - execute: quoted
    command: printf %s {{quote attributes.values}} >@/quoted
    creates: "@/quoted"
`;

      const { read, again } = twice(recipe, value);

      expect(read('file') === value).toBe(true);
      expect(read('json') === `${JSON.stringify({ key: value }, null, 2)}\n`).toBe(true);
      expect(read('block') === `# bde block: begin\n${value}\n# bde block: end\n`).toBe(true);
      expect(read('line') === `${value}\n`).toBe(true);
      expect(read('quoted') === value).toBe(true);
      expect(again).toEqual(UNCHANGED);
    });
  },
  { shells: 2 },
);
