import { describe, expect, it } from 'vitest';
import { namedPaths } from '../../../../src/cookbook/lint/named-paths.js';
import { writtenTexts } from '../../../../src/cookbook/lint/written-texts.js';
import { cookbookSource } from '../cookbook-support.js';
import { findingsIn, ROLE, withRecipe } from './lint-support.js';

const ATTRIBUTES = {
  'attributes.yaml': [
    'port: { type: integer, default: 1 }',
    'tls: { type: object, properties: { key: { type: string } } }',
    'extra: { type: object, additionalProperties: { type: string }, default: {} }',
    '',
  ].join('\n'),
};

/** Uses all attributes, so that only what a test adds is found. */
const USES_ALL = '- file: /all\n    content: "{{json attributes}}"';

const inTemplate = (text: string) =>
  findingsIn({
    ...withRecipe(USES_ALL, '- template: /x', '  source: x'),
    ...ATTRIBUTES,
    'templates/x.hbs': text,
  });

describe('a template that names an attribute', () => {
  it('has to name one that is declared', () => {
    expect(inTemplate('port={{attributes.port}}\nhost={{attributes.porrt}}\n')).toEqual([
      'templates/x.hbs:2:8 unknown-attribute: "attributes.porrt" is declared nowhere in attributes.yaml; did you mean "port"?',
    ]);
  });

  it('is looked into below maps with named fields, and not below free ones', () => {
    expect(inTemplate('{{attributes.tls.cert}}{{attributes.extra.anything}}')).toEqual([
      'templates/x.hbs:1:3 unknown-attribute: "attributes.tls.cert" is declared nowhere in attributes.yaml',
    ]);
  });

  it.each([
    ['in a helper', '{{add attributes.nope 1}}', 7],
    ['in a named argument', '{{join nodes "," key=attributes.nope}}', 22],
    ['in a condition', '{{#if (has attributes.nope)}}x{{/if}}', 12],
    ['in the else of a condition', '{{#if attributes.port}}{{else}}{{attributes.nope}}{{/if}}', 34],
    ['from an item, by ../', '{{#each nodes}}{{../attributes.nope}}{{/each}}', 18],
    ['from an item, by @root', '{{#each nodes}}{{@root.attributes.nope}}{{/each}}', 18],
    ['beside block parameters', '{{#each nodes as |n|}}{{#if n}}{{../attributes.nope}}{{/if}}{{/each}}', 34],
  ])('is found %s', (_, text, column) => {
    expect(inTemplate(text)).toEqual([
      `templates/x.hbs:1:${String(column)} unknown-attribute: "attributes.nope" is declared nowhere in attributes.yaml`,
    ]);
  });

  it('is found in a partial too', () => {
    const files = { ...withRecipe(USES_ALL), ...ATTRIBUTES, 'templates/_p.hbs': '{{attributes.nope}}{{given}}' };

    expect(findingsIn(files)).toEqual([
      'templates/_p.hbs:1:3 unknown-attribute: "attributes.nope" is declared nowhere in attributes.yaml',
    ]);
  });
});

describe('a template that names something else', () => {
  it.each([
    ['{{nodee.name}}', '"nodee.name" is nothing that a template sees; did you mean "node"?'],
    ['{{node.adress}}', '"node.adress" is nothing that a template sees; did you mean "address"?'],
    ['{{cluster.distro.nam}}', '"cluster.distro.nam" is nothing that a template sees; did you mean "name"?'],
  ])('is told of %s', (text, message) => {
    expect(inTemplate(text)).toEqual([`templates/x.hbs:1:3 unknown-variable: ${message}`]);
  });

  it.each([
    '{{node.address}} {{quorum}} {{mirror.url}} {{roles.any}} {{facts.a.b.c}} {{nodes.length}}',
    '{{#each nodes}}{{name}}{{this.address}}{{@index}}{{/each}}',
    '{{#each roles.x as |n i|}}{{n.name}}{{i}}{{/each}}',
    '{{#with node}}{{address}}{{/with}}',
    '\\{{nothing}}',
  ])('may write %s', (text) => {
    expect(inTemplate(text)).toEqual([]);
  });

  it('is looked at in recipes and in commands of roles as well', () => {
    const files = {
      ...withRecipe('- file: /a', '  content: |', '    first', '    {{nope}}'),
      'roles/demo.yaml': 'summary: Demo\nrunList: ["demo::main"]\nready: { probe: { command: "test {{nope}}" } }\n',
    };

    expect(findingsIn(files)).toEqual([
      'recipes/main.yaml:5:9 unknown-variable: "nope" is nothing that a template sees; did you mean "node"?',
      'roles/demo.yaml:3:36 unknown-variable: "nope" is nothing that a template sees; did you mean "node"?',
    ]);
  });
});

describe('an expression', () => {
  it.each([
    ['attributes.sites', 15],
    ['pluck attributes.sites "name"', 21],
  ])('without braces names values as well: %s', (expression, column) => {
    const source = cookbookSource('demo', withRecipe('- file: /a', `  for_each: ${expression}`));

    const paths = writtenTexts(source).flatMap((written) => namedPaths(written));

    expect(paths).toEqual([
      {
        steps: ['attributes', 'sites'],
        place: { file: 'cookbooks/demo/recipes/main.yaml', line: 3, column },
      },
    ]);
  });
});

describe('an attribute that no template names', () => {
  it('is a warning where it is declared', () => {
    const files = { ...ROLE, ...withRecipe('- file: /a', '  content: "{{attributes.port}}"'), ...ATTRIBUTES };

    expect(findingsIn(files)).toEqual([
      'attributes.yaml:2:6 unused-attribute: the attribute tls is used by no template',
      'attributes.yaml:3:73 unused-attribute: the attribute extra is used by no template',
    ]);
  });
});
