import { describe, expect, it } from 'vitest';
import { createTemplateParser } from '../../../../src/cookbook/render/template.js';
import { secretToken } from '../../../../src/cookbook/secret-token.js';
import { errorOf } from '../cookbook-support.js';

const CONTEXT = {
  name: 'Web-1',
  many: ['x', 'y'],
  none: [],
  nodes: [
    { address: '10.0.0.1', port: 80 },
    { address: '10.0.0.2', port: 81 },
  ],
  secret: secretToken('s'),
};

const render = (text: string) =>
  createTemplateParser({}).parse(text, { file: 'x', line: 1, column: 1 }).render(CONTEXT);

describe('helpers', () => {
  it.each([
    ['{{#if (has nope.deep)}}yes{{else}}no{{/if}}', 'no'],
    ['{{#if (has name)}}yes{{/if}}', 'yes'],
    ['{{default nope "fallback"}} {{default name "x"}}', 'fallback Web-1'],
    ['{{lookup (lookup nodes 1) "port"}}', '81'],
    ['{{join many ", "}}', 'x, y'],
    ['{{join none ","}}', ''],
    ['{{join nodes "," key="address" prefix="http://" suffix=":80"}}', 'http://10.0.0.1:80,http://10.0.0.2:80'],
    ['{{join (pluck nodes "port") " "}}', '80 81'],
    ['{{length nodes}} {{length name}}', '2 5'],
    ['{{add 1 2 3}} {{sub 5 7}} {{mul 2 3}} {{div 7 2}} {{min 3 1 2}} {{max 3 1 2}}', '6 -2 6 3 1 3'],
    [
      '{{eq name "Web-1"}} {{ne name "Web-1"}} {{lt 1 2}} {{le 2 2}} {{gt 1 2}} {{ge 1 2}}',
      'true false true true false false',
    ],
    ['{{and true 1 "x"}} {{or false 0 none}} {{not none}}', 'true false true'],
    ['{{includes many "y"}} {{includes many "z"}}', 'true false'],
    ['{{json nodes}}', '[{"address":"10.0.0.1","port":80},{"address":"10.0.0.2","port":81}]'],
    ['{{json many indent=1}}', '[\n "x",\n "y"\n]'],
    ['{{quote name}} {{quote "it\'s"}}', "'Web-1' 'it'\\''s'"],
    ['{{lower name}} {{upper name}} {{replace name "-" "_"}}', 'web-1 WEB-1 Web_1'],
  ])('%s gives %j', (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  it.each([
    ['{{join name ","}}', 'x:1:1: {{join}} needs a list, not "Web-1"'],
    ['{{pluck nodes "prt"}}', 'x:1:1: {{pluck}} finds no "prt" there'],
    ['{{div 1 0}}', 'x:1:1: {{div}} cannot divide by 0'],
    ['{{add 1 1.5}}', 'x:1:1: {{add}} needs whole numbers, not 1.5'],
    ['{{lower nodes}}', 'x:1:1: {{lower}} needs a text, not a list'],
    ['{{eq name}}', 'x:1:1: {{eq}} takes 2 arguments'],
    ['{{#if (not 1 2)}}{{/if}}', 'x:1:7: {{not}} takes 1 argument'],
  ])('%s says %j', (text, expected) => {
    expect(errorOf(() => render(text)).message).toBe(expected);
  });

  it.each([
    '{{lower secret}}',
    '{{eq secret "x"}}',
    '{{replace secret "a" "b"}}',
    '{{length secret}}',
    '{{includes many secret}}',
  ])('%s cannot look into a secret', (text) => {
    expect(errorOf(() => render(text)).message).toMatch(/cannot look into a secret$/);
  });

  it('marks the placeholders of secrets with the encoding that they stand in', () => {
    expect(render('{{json secret}} {{quote secret}} {{secret}}')).toBe(
      '"@@bde-secret:s|json@@" \'@@bde-secret:s|sh@@\' @@bde-secret:s@@',
    );
  });
});
