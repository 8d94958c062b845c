import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRun } from '../../../../src/cookbook/compile-run.js';
import { HELPERS } from '../../../../src/cookbook/render/helpers.js';
import { createTemplateParser } from '../../../../src/cookbook/render/template.js';
import type { Json } from '../../../../src/cookbook/types.js';
import { isBdeError } from '../../../../src/errors/bde-error.js';
import { compileInput, makeCookbook } from '../cookbook-support.js';

/** Names that lead to a prototype or to a function, where a lookup is not of own properties. */
const TRAPS = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__'];

/** Texts that a template, a pattern or JavaScript could take for its own. */
const TEXTS = [
  '{{node.name}}',
  '{{{x}}}',
  '{{> greet}}',
  '{{#each this}}',
  '$&',
  '$1',
  '${process.exit(1)}',
  '"]',
  '\\',
];

const text = fc.oneof(fc.constantFrom(...TRAPS, ...TEXTS), fc.string({ unit: 'binary', maxLength: 20 }));
const key = fc.oneof(fc.constantFrom('a', 'address', ...TRAPS), fc.string({ maxLength: 5 }));

/** What a fact may be: whatever a node's JSON says, so `__proto__` may be an own key of it. */
const hostile: fc.Arbitrary<Json> = fc
  .letrec<{ value: Json; map: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      tie('map'),
    ),
    map: fc
      .array(fc.tuple(key, tie('value')), { maxLength: 4 })
      .map(
        (entries) =>
          JSON.parse(
            `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`,
          ) as Json,
      ),
  }))
  .value.map((value) => JSON.parse(JSON.stringify(value)) as Json);

/** Every way in which a template may touch a value. */
const USES = [
  ...[
    '{{v}}',
    '{{v.a}}',
    '{{v.a.b.c}}',
    '{{#each v}}{{@key}}{{this}}{{/each}}',
    '{{#with v}}{{a}}{{/with}}',
    '{{#if v}}y{{/if}}',
  ],
  ...[
    '{{#each v as |x i|}}{{x.address}}{{i}}{{/each}}',
    '{{join v ","}}',
    '{{join v "," key="a"}}',
    '{{json v indent=2}}',
  ],
  ...['{{quote v}}', '{{pluck v "a"}}', '{{replace v v v}}', '{{replace v "" v}}', '{{length v}}', '{{lookup v v}}'],
  ...[
    '{{default v "x"}}',
    '{{add v 1}}',
    '{{div 1 v}}',
    '{{mul v v v v}}',
    '{{includes v v}}',
    '{{eq v v}}',
    '{{upper v}}',
  ],
  ...TRAPS.flatMap((trap) => [`{{v.${trap}}}`, `{{#each v}}{{this.${trap}}}{{/each}}`, `{{lookup v "${trap}"}}`]),
  ...TRAPS.map((trap) => `{{pluck v "${trap}"}}`),
];

const parser = createTemplateParser({});
const templates = USES.map((use) => parser.parse(use, { file: 'templates/x.hbs', line: 1, column: 1 }));

/** What rendering gives, or null where it says that it cannot; anything else is thrown on. */
function rendered(run: () => string): string | null {
  try {
    return run();
  } catch (error) {
    if (isBdeError(error) && error.code === 'RENDER_FAILED') return null;
    throw error;
  }
}

describe('templates with hostile values', () => {
  it('render or fail as templates do, and nothing else', () => {
    fc.assert(
      fc.property(hostile, (v) => {
        for (const template of templates) {
          const result = rendered(() => template.render({ v }));

          expect(result === null || typeof result === 'string').toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('take no text of a value for a template of theirs', () => {
    fc.assert(
      fc.property(text, (v) => {
        const plain = parser.parse('<{{v}}>', { file: 'x', line: 1, column: 1 });

        expect(plain.render({ v, node: { name: 'executed' } })).toBe(`<${v}>`);
      }),
    );
  });

  it('put a text in place of another as it stands', () => {
    fc.assert(
      fc.property(text, (v) => {
        const template = parser.parse('{{replace "a-b" "-" v}}', { file: 'x', line: 1, column: 1 });

        expect(template.render({ v })).toBe(`a${v}b`);
      }),
    );
  });

  it.each(TRAPS)('find no %s that is not their own', (trap) => {
    for (const v of ['text', 1, true, [1], {}, { a: 1 }, [{ a: 1 }]] as const) {
      for (const use of [`{{v.${trap}}}`, `{{lookup v "${trap}"}}`, `{{v.a.${trap}}}`, `{{v.${trap}.${trap}}}`]) {
        const template = parser.parse(use, { file: 'x', line: 1, column: 1 });

        expect(rendered(() => template.render({ v }))).toBeNull();
      }
    }
  });

  it('leave the prototypes of JavaScript as they are', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);

    fc.assert(
      fc.property(hostile, (v) => {
        for (const template of templates) rendered(() => template.render({ v }));

        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
        expect(({} as Record<string, unknown>)['a']).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });

  it('hold against every helper, whatever its arguments are', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(HELPERS)), fc.array(hostile, { maxLength: 4 }), (name, values) => {
        const call = `{{${name} ${values.map((_, index) => `v${String(index)}`).join(' ')}}}`;
        const context = Object.fromEntries(values.map((value, index) => [`v${String(index)}`, value]));

        expect(() =>
          rendered(() => parser.parse(call, { file: 'x', line: 1, column: 1 }).render(context)),
        ).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});

describe('a run compiled with hostile facts', () => {
  it('holds them as data, or says where they do not fit', () => {
    const cookbook = makeCookbook('demo', {
      'roles/demo.yaml':
        'summary: Demo\nrunList: ["demo::main"]\nreads: [demo]\nfacts: { id: { command: id, schema: { type: object } } }\n',
      'recipes/main.yaml': `resources:
  - file: /a
    content: "{{#each facts.demo}}{{json id}}{{/each}}"
  - execute: x
    command: "echo {{quote (json facts.demo)}}"
`,
    });
    fc.assert(
      fc.property(
        hostile.filter((value) => value !== null),
        (id) => {
          const run = compileRun(compileInput({ facts: { demo: { 'c-zk-0': { id } } } }), [cookbook]);

          expect(run.resources.map((resource) => resource.id)).toContain('file[/a]');
          expect(run.resources.find((resource) => resource.kind === 'execute')?.parameters['command']).toContain(
            'c-zk-0',
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});
