import { describe, expect, it } from 'vitest';
import { createTemplateParser } from '../../../../src/cookbook/render/template.js';
import { errorOf } from '../cookbook-support.js';

/** As long as a fact is. */
const FACT = 'x'.repeat(16 * 1024);
const MIB = 1024 * 1024;

const parser = createTemplateParser({
  part: { text: '{{v}}', place: { file: 'templates/_part.hbs', line: 1, column: 1 } },
});
const render = (text: string, context: object): string =>
  parser.parse(text, { file: 'templates/x.hbs', line: 1, column: 1 }).render(context);
const refusal = (text: string, context: object): string => errorOf(() => render(text, context)).message;

describe('what a template may print', () => {
  it.each([
    ['\n  {{replace v "" v}}', 'templates/x.hbs:2:3: {{replace}} makes more than 8 MiB of text'],
    ['\n{{replace v "x" v}}', 'templates/x.hbs:2:1: {{replace}} makes more than 8 MiB of text'],
    ['{{length (replace v "x" v)}}', 'templates/x.hbs:1:10: {{replace}} makes more than 8 MiB of text'],
    ['{{join list v}}', 'templates/x.hbs:1:1: {{join}} makes more than 8 MiB of text'],
    ['{{join list "" prefix=v}}', 'templates/x.hbs:1:1: {{join}} makes more than 8 MiB of text'],
    ['\n\n{{#each list}}{{../v}}{{/each}}', 'templates/x.hbs:3:1: #each makes more than 8 MiB of text'],
    ['{{#each list}}{{> part v=../v}}{{/each}}', 'templates/x.hbs:1:1: #each makes more than 8 MiB of text'],
    ['{{big}}', 'templates/x.hbs:1:3: {{big}} makes more than 8 MiB of text'],
    ['{{half}}{{half}}{{half}}', 'templates/x.hbs:1:1: the template makes more than 8 MiB of text'],
  ])('is bounded, with the line of what makes too much: %j', (text, expected) => {
    const context = {
      v: FACT,
      list: Array.from({ length: 1024 }, () => 'i'),
      big: 'b'.repeat(9 * MIB),
      half: 'h'.repeat(4 * MIB),
    };

    expect(refusal(text, context)).toBe(expected);
  });

  it('is as much as fits', () => {
    expect(render('{{v}}{{v}}', { v: 'x'.repeat(4 * MIB) })).toHaveLength(8 * MIB);
    expect(render('{{replace v "x" "yy"}}', { v: 'x'.repeat(4 * MIB) })).toHaveLength(8 * MIB);
    expect(render('{{replace v "" "-"}}', { v: 'abc' })).toBe('-a-b-c-');
  });

  it('counts what is made on the way, printed or not', () => {
    const text = '{{#each list}}{{#if (eq (upper ../big) "A")}}{{/if}}{{/each}}';

    expect(refusal(text, { big: 'b'.repeat(4 * MIB), list: [1, 2, 3, 4, 5, 6, 7, 8, 9] })).toBe(
      'templates/x.hbs:1:25: {{upper}} makes, with what was made before it, more than 32 MiB of text',
    );
  });

  it('begins anew with each rendering', () => {
    const template = parser.parse('{{v}}', { file: 'x', line: 1, column: 1 });

    for (let turn = 0; turn < 9; turn += 1) expect(template.render({ v: 'x'.repeat(7 * MIB) })).toHaveLength(7 * MIB);
  });

  it('is not repeated without end', () => {
    const list = Array.from({ length: 2500 }, () => '');

    expect(refusal('{{#each list}}{{#each ../list}}{{/each}}{{/each}}', { list })).toContain(
      '#each repeats more than 5000000 times',
    );
  });
});
