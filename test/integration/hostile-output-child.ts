import fc from 'fast-check';
import { sealFacts } from '../../src/engine/exported-facts.js';
import { RunOutput } from '../../src/engine/steps/run-result.js';
import { HELPERS } from '../../src/cookbook/render/helpers.js';
import { createTemplateParser } from '../../src/cookbook/render/template.js';
import { MAX_TEXT_LENGTH } from '../../src/cookbook/render/text-limit.js';
import type { Json } from '../../src/cookbook/types.js';
import { isBdeError } from '../../src/errors/bde-error.js';

/**
 * Reads and renders what a hostile node may say, in a process whose memory is bounded by who starts it. Ends with 0 and
 * `held SEED` where nothing but results and errors of ours came of it.
 */

/** As long as a fact may be. */
const FACT_LENGTH = 60 * 1024;

/** Texts that code, a template or a shell could take for its own. */
const TRAPS = [
  ...['{{v}}', '{{#each v}}', '$&', '${(globalThis.pwned = true)}', '$(touch pwned)', '`touch pwned`', '__proto__'],
  ...['constructor', '\u0000', '\ud800', '\u001b[2J', '\\', '"', "'", '\n', '<', '[', '{', '}', ','],
];

const trap = fc.constantFrom(...TRAPS);
/** One small thing so often that it is as long as a fact may be. */
const long = trap.map((text) => text.repeat(FACT_LENGTH / text.length));
const wide = fc.constantFrom<Json>(0, '', 'x', null, [], {}, '{{v}}').map((value): Json => {
  const count = Math.floor(FACT_LENGTH / (JSON.stringify(value).length + 1));
  return Array.from({ length: count }, () => value);
});
const deep = fc.constantFrom(90, 99).map((levels) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as Json);
const many = fc
  .nat(3000)
  .map((count) => Object.fromEntries(Array.from({ length: count }, (_, key) => [`k${key}`, key])));
const value: fc.Arbitrary<Json> = fc.oneof(long, wide, deep, many, trap, fc.jsonValue() as fc.Arbitrary<Json>);

const names = ['v', 'w', 'v', 'w', '(lower v)', '(join v w)', '(replace v "" w)', '(json v)', '(quote w)', '""', '2'];
const term = fc.constantFrom(...names);
const call = fc
  .tuple(fc.constantFrom(...Object.keys(HELPERS)), fc.array(term, { maxLength: 4 }), fc.boolean())
  .map(([name, args, named]) => `${name} ${args.join(' ')}${named ? ' prefix=v suffix=w indent=9' : ''}`);
const piece = fc.oneof(
  call.map((text) => `{{${text}}}`),
  fc.constantFrom('{{v}}', '{{w}}', '{{v.length}}', '{{lookup v "__proto__"}}', '{{> part}}', '\n'),
  call.map((text) => `{{#each v}}{{#each ../w}}{{${text}}}{{../this}}{{/each}}{{/each}}`),
  fc.constant('{{#each v}}{{#each ../w}}{{../../v}}{{/each}}{{/each}}'),
  call.map((text) => `{{#each (pluck w "a")}}{{${text}}}{{/each}}`),
);
const template = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));

const line = fc.oneof(
  value.map((fact) => JSON.stringify({ fact: 'v', value: fact })),
  fc.tuple(value, value).map(([resource, detail]) => JSON.stringify({ resource, outcome: 'failed', ms: 1, detail })),
  long.map((detail) => JSON.stringify({ resource: 'file[/x]', outcome: 'changed', ms: 1e308, detail, diff: detail })),
  fc.constantFrom('{', '{"fact":', '{"fact":"v","value":1e999}', `{"fact":"v","value":${'['.repeat(60_000)}`),
  trap.map((text) => `{"resource":"${text.repeat(200_000)}"`),
);

const parser = createTemplateParser({ part: { text: '{{#each v}}{{this}}{{/each}}{{w}}', place: placeOf('part') } });

function placeOf(file: string) {
  return { file, line: 1, column: 1 };
}

/** What a template gives is a text that is not too long, or an error with a place. */
function renders(text: string, context: object): void {
  try {
    const { length } = parser.parse(text, placeOf('t')).render(context);
    if (length > MAX_TEXT_LENGTH) throw new Error(`${text} printed ${String(length)} characters`);
  } catch (error) {
    if (!isBdeError(error, 'RENDER_FAILED')) throw error;
  }
}

/** Whatever a run prints, what is kept of it is small, and its facts fit or are refused. */
async function reads(lines: readonly string[]): Promise<void> {
  const output = new RunOutput((said) => said);
  for (let turn = 0; turn < 40; turn += 1) for (const each of lines) output.push(each);
  const kept = JSON.stringify(output.result({ state: 'exited', exitCode: 0, stderr: lines.join('\n') })).length;
  if (kept > 2 * 1024 * 1024) throw new Error(`${String(kept)} characters are kept of a run`);
  const declared = { v: { schema: { type: 'string' }, secret: false, command: null } };
  await sealFacts(output.facts, declared, { seal: () => Promise.reject(new Error('there is no secret fact')) });
}

const seed = Number(process.argv[2]);
const numRuns = Number(process.argv[3]);
fc.assert(
  fc.property(template, value, value, (text, v, w) => renders(text, { v, w })),
  { seed, numRuns },
);
await fc.assert(fc.asyncProperty(fc.array(line, { maxLength: 20 }), reads), { seed, numRuns });
if ('pwned' in globalThis || Object.keys(Object.prototype).length > 0) throw new Error('something was executed');
process.stdout.write(`held ${String(seed)}\n`);
