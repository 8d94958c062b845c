import { describe, expect, it } from 'vitest';
import { createTemplateParser, type PartialSources } from '../../../../src/cookbook/render/template.js';
import { secretToken } from '../../../../src/cookbook/secret-token.js';
import { errorOf } from '../cookbook-support.js';

const CONTEXT = {
  node: { name: 'c-zk-0', memoryMiB: 4096, dataDisks: ['/data/1'] },
  names: ['a', 'b'],
  roles: {
    zookeeper: [
      { address: '10.0.0.1', ordinal: 1 },
      { address: '10.0.0.2', ordinal: 2 },
    ],
  },
  attributes: {
    heapMiB: 256,
    enabled: false,
    zero: 0,
    empty: '',
    nothing: null,
    map: { a: 1 },
    secret: secretToken('s'),
  },
};

const PARTIALS: PartialSources = {
  greet: { text: 'hello {{node.name}}', place: { file: 'templates/_greet.hbs', line: 1, column: 1 } },
  broken: { text: '\n{{node.nme}}', place: { file: 'templates/_broken.hbs', line: 1, column: 1 } },
};

const render = (text: string, context: object = CONTEXT) =>
  createTemplateParser(PARTIALS).parse(text, { file: 'templates/x.hbs', line: 1, column: 1 }).render(context);

describe('a template', () => {
  it.each([
    ['no braces at all', 'no braces at all'],
    ['{{node.name}} {{{node.name}}}', 'c-zk-0 c-zk-0'],
    ['{{attributes.enabled}} {{attributes.zero}} [{{attributes.empty}}]', 'false 0 []'],
    ['{{#each names}}{{this}}{{#unless @last}},{{/unless}}{{/each}}', 'a,b'],
    ['{{#each roles.zookeeper as |n i|}}{{i}}={{n.address}};{{/each}}', '0=10.0.0.1;1=10.0.0.2;'],
    ['{{#each roles.zookeeper}}{{../node.name}}{{ordinal}} {{/each}}', 'c-zk-01 c-zk-02 '],
    ['{{#with node}}{{name}}{{/with}} {{@root.node.name}}', 'c-zk-0 c-zk-0'],
    ['{{#if attributes.enabled}}on{{else if attributes.zero}}zero{{else}}off{{/if}}', 'off'],
    ['{{node.dataDisks.[0]}} {{this.node.name}} {{./node.name}}', '/data/1 c-zk-0 c-zk-0'],
    ['{{> greet}}', 'hello c-zk-0'],
    ["docker inspect -f '\\{{.State}}'", "docker inspect -f '{{.State}}'"],
    ['a {{~node.name~}} b', 'ac-zk-0b'],
    ['{{!-- {{node.nme}} --}}x', 'x'],
    ['<{{#each names}}&"{{this}}"{{/each}}>', '<&"a"&"b">'],
  ])('renders %j', (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  it('takes lines that hold blocks only out of the text', () => {
    const text = 'first\n{{#each names}}\n  {{this}}\n{{/each}}\nlast\n';

    expect(render(text)).toBe('first\n  a\n  b\nlast\n');
  });

  it.each([
    ['{{nope}}', 'templates/x.hbs:1:3: "nope" is missing'],
    ['a\nb {{nope}}', 'templates/x.hbs:2:5: "nope" is missing'],
    ['{{node.nme}}', 'templates/x.hbs:1:3: "node.nme" is missing; did you mean "name"?'],
    ['{{node.name.length}}', 'templates/x.hbs:1:3: "node.name.length" is missing'],
    ['{{attributes.nothing}}', 'templates/x.hbs:1:3: "attributes.nothing" is missing'],
    ['{{#if attributes.nope}}{{/if}}', 'templates/x.hbs:1:7: "attributes.nope" is missing'],
    ['{{#unless nope}}{{/unless}}', 'templates/x.hbs:1:11: "nope" is missing'],
    ['{{#if attributes.enabled}}{{else if nope}}{{/if}}', 'templates/x.hbs:1:37: "nope" is missing'],
    ['{{#each nope}}{{/each}}', 'templates/x.hbs:1:9: "nope" is missing'],
    ['{{#with nope}}{{/with}}', 'templates/x.hbs:1:9: "nope" is missing'],
    ['{{quote nope}}', 'templates/x.hbs:1:9: "nope" is missing'],
    ['{{join names nope}}', 'templates/x.hbs:1:14: "nope" is missing'],
    ['{{join names "," key=nope}}', 'templates/x.hbs:1:22: "nope" is missing'],
    ['{{add 1 (add 1 nope)}}', 'templates/x.hbs:1:16: "nope" is missing'],
    ['{{> greet nope}}', 'templates/x.hbs:1:11: "nope" is missing'],
    ['{{> broken}}', 'templates/_broken.hbs:2:3: "node.nme" is missing; did you mean "name"?'],
    ['{{#each names}}{{nope}}{{/each}}', 'templates/x.hbs:1:18: "nope" is missing'],
    ['{{@index}}', 'templates/x.hbs:1:3: "@index" is missing'],
    ['{{constructor}}', 'templates/x.hbs:1:3: "constructor" is missing'],
    ['{{node.constructor.name}}', 'templates/x.hbs:1:3: "node.constructor.name" is missing'],
    ['{{names.length.constructor}}', 'templates/x.hbs:1:3: "names.length.constructor" is missing'],
    ['{{toString}}', 'templates/x.hbs:1:3: "toString" is missing'],
    ['{{node.[__proto__]}}', 'templates/x.hbs:1:3: "node.__proto__" is missing'],
  ])('refuses the missing value in %j, with its place', (text, expected) => {
    const error = errorOf(() => render(text));

    expect(error.code).toBe('RENDER_FAILED');
    expect(error.message).toBe(expected);
  });

  it.each([
    ['{{attributes.map}}', 'templates/x.hbs:1:3: "attributes.map" is a map, which has no text'],
    ['{{names}}', 'templates/x.hbs:1:3: "names" is a list, which has no text'],
    ['{{frobnicate 1}}', 'templates/x.hbs:1:3: there is no helper "frobnicate"'],
    ['{{joins names ","}}', 'templates/x.hbs:1:3: there is no helper "joins"; did you mean "join"?'],
    ['{{#eac names}}{{/eac}}', 'templates/x.hbs:1:1: there is no block #eac; did you mean "each"?'],
    ['{{> gret}}', 'templates/x.hbs:1:1: there is no partial "gret"; did you mean "greet"?'],
    ['{{> (lookup node "name")}}', 'templates/x.hbs:1:1: there is no partial ""'],
    ['{{"text"}}', 'templates/x.hbs:1:3: a literal alone is not printed'],
    ['{{#*inline "x"}}{{/inline}}', 'templates/x.hbs:1:1: templates have no DecoratorBlock'],
    ['{{#each "text"}}{{/each}}', 'templates/x.hbs:1:1: #each needs a list or a map'],
    ['x\n{{add 1 "one"}}', 'templates/x.hbs:2:1: {{add}} needs a number, not "one"'],
    ['{{lookup node "nme"}}', 'templates/x.hbs:1:1: {{lookup}} finds no "nme" there'],
  ])('refuses %j', (text, expected) => {
    expect(errorOf(() => render(text)).message).toBe(expected);
  });

  it('names the line of a syntax error', () => {
    const error = errorOf(() => render('first\nsecond {{#if x}\n'));

    expect(error.message).toMatch(/^templates\/x\.hbs:2:1: the template is malformed: /);
  });

  it('counts lines from where its text begins in its file', () => {
    const parser = createTemplateParser({});

    const error = errorOf(() => parser.parse('ok\n {{nope}}', { file: 'r.yaml', line: 10, column: 5 }).render({}));

    expect(error.subject).toEqual({ file: 'r.yaml', line: 11, column: 4 });
  });

  it('says where to declare a role whose nodes it cannot see', () => {
    const error = errorOf(() => render('{{length roles.mesos_slave}}'));

    expect(error.hint).toBe('Name mesos_slave under "requires" or "reads" of the role.');
  });
});
