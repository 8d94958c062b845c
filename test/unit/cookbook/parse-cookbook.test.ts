import { describe, expect, it } from 'vitest';
import { parseCookbook } from '../../../src/cookbook/parse-cookbook.js';
import { cookbookSource, errorOf, makeCookbook, type CookbookFiles } from './cookbook-support.js';

const problems = (files: CookbookFiles): readonly string[] => {
  const error = errorOf(() => makeCookbook('demo', files));
  return error.failures.length > 0 ? error.failures.map(({ message }) => message) : [error.message];
};

const recipe = (resources: string): CookbookFiles => ({ 'recipes/main.yaml': `resources:\n${resources}` });

describe('parseCookbook', () => {
  it('reads every part of a cookbook', () => {
    const cookbook = makeCookbook('demo', {
      'attributes.yaml': 'heapMiB: { type: integer, default: 64 }\n',
      'roles/demo.yaml': 'summary: Demo\nrunList: ["demo::main"]\n',
      'recipes/main.yaml': 'resources:\n  - file: /x\n    content: y\n',
      'templates/a.hbs': 'a {{> p}}',
      'templates/_p.hbs': 'p',
      'templates/sub/b.hbs': 'b',
      'files/bin/tool': Buffer.from([0, 255]),
      'rehearsal/demo.json': 'not looked at {{{',
    });

    expect(cookbook.version).toBe('1.0.0');
    expect(Object.keys(cookbook.roles)).toEqual(['demo']);
    expect(Object.keys(cookbook.templates)).toEqual(['a', 'sub/b']);
    expect(cookbook.templates['a']?.render({})).toBe('a p');
    expect(cookbook.files['bin/tool']).toEqual(Buffer.from([0, 255]));
    expect(cookbook.attributePlace(['heapMiB'])).toBe('cookbooks/demo/attributes.yaml:1:36');
  });

  it('says everything that is wrong in all files at once', () => {
    const found = problems({
      'attributes.yaml': 'heapMiB: { type: int }\n',
      'roles/demo.yaml': 'summary: Demo\nrunlist: []\nrunList: []\n',
      'recipes/main.yaml': 'resources:\n  - file: /x\n    mod: "0644"\n',
      'templates/a.hbs': '{{#if}',
    });

    expect(found).toHaveLength(4);
  });

  it('needs a metadata.yaml', () => {
    const { files, ...source } = cookbookSource('demo', {});

    const error = errorOf(() =>
      parseCookbook({ ...source, files: { ...files, 'metadata.yaml': Buffer.from('name: x') } }),
    );

    expect(error.failures.map(({ message }) => message)).toContain(
      'cookbooks/demo/metadata.yaml:1:1: the file lacks the field "formatVersion"',
    );
  });

  it('refuses a name that is not that of the folder', () => {
    const metadata = 'formatVersion: 1\nname: other\nversion: "1.0.0"\nsummary: x\n';

    expect(problems({ 'metadata.yaml': metadata })).toEqual([
      'cookbooks/demo/metadata.yaml:2:7: name is "other"; allowed is the folder\'s name, "demo"',
    ]);
  });

  it('refuses a version that YAML read as a number, and says why', () => {
    const metadata = 'formatVersion: 1\nname: demo\nversion: 1.10\nsummary: x\n';

    expect(problems({ 'metadata.yaml': metadata })[0]).toContain(
      '1.10 without quotes, which YAML reads as the number 1.1',
    );
  });

  it('checks defaults against their own types', () => {
    expect(problems({ 'attributes.yaml': 'heapMiB:\n  type: integer\n  default: lots\n' })).toEqual([
      'cookbooks/demo/attributes.yaml:3:12: the attribute heapMiB is "lots"; allowed is a whole number',
    ]);
  });

  it('lets only strings be secret', () => {
    expect(problems({ 'attributes.yaml': 'pin: { type: integer, secret: true }\n' })).toHaveLength(1);
  });

  it.each([
    [
      'mode: 0644',
      'mode is 0644 without quotes, which YAML reads as the number 644; allowed is three or four octal digits',
    ],
    ['mode: "rw-"', 'mode is "rw-"; allowed is three or four octal digits in quotes, such as "0644"'],
    ['mod: "0644"', 'has no field "mod"; did you mean "mode"?'],
    ['seed: "yes"', 'seed is "yes"; allowed is true or false'],
    ['owner: 12', 'owner is 12 without quotes'],
    ['notify: restart zookeeper', 'notify is "restart zookeeper"; allowed is "ACTION KIND[NAME]"'],
  ])('refuses `%s` beside a file, with its place', (line, expected) => {
    const [found = ''] = problems(recipe(`  - file: /x\n    content: y\n    ${line}\n`));

    expect(found).toMatch(/^cookbooks\/demo\/recipes\/main\.yaml:4:\d+: /);
    expect(found).toContain(expected);
  });

  it.each([
    ['  - fil: /x\n', 'the resource has no kind; did you mean "file"?'],
    ['  - only_if: "true"\n', 'the resource has no kind'],
    ['  - file: /x\n    service: y\n', 'has no field "service"'],
    ['  - execute: x\n', 'lacks the field "command"'],
    ['  - file: ""\n', 'is ""; allowed is a string that is not empty'],
    ['  - execute: x\n    command: a\n    environment: { "A-B": c }\n', 'the name "A-B" is not allowed here'],
  ])('refuses %j', (resource, expected) => {
    expect(problems(recipe(resource)).join('\n')).toContain(expected);
  });

  it.each([
    ['directory', 'group'],
    ['file', 'group'],
    ['user', 'group'],
  ])('takes `group` beside a %s as its parameter', (kind) => {
    const content = kind === 'file' ? '    content: x\n' : '';

    const cookbook = makeCookbook('demo', recipe(`  - ${kind}: /x\n    group: "y"\n${content}`));

    expect(cookbook.recipes['main']?.resources[0]).toMatchObject({ type: 'resource', kind });
  });

  it('points into the right line of a block of text', () => {
    const found = problems(recipe('  - execute: x\n    command: |\n      first\n      {{frob 1}}\n'));

    expect(found[0]).toMatch(/^cookbooks\/demo\/recipes\/main\.yaml:5:\d+: there is no helper "frob"/);
  });

  it('refuses names of files that are no names', () => {
    expect(problems({ 'recipes/a b.yaml': 'resources: []\n' })[0]).toContain(
      'cookbooks/demo/recipes/a b.yaml is no file of a cookbook',
    );
  });
});
