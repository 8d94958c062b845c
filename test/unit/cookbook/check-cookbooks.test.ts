import { describe, expect, it } from 'vitest';
import { checkCookbooks } from '../../../src/cookbook/check-cookbooks.js';
import { errorOf, makeCookbook, type CookbookFiles } from './cookbook-support.js';

const metadata = (name: string, more: string) =>
  `formatVersion: 1\nname: ${name}\nversion: "1.4.0"\nsummary: x\n${more}`;
const cookbook = (name: string, more = '', files: CookbookFiles = {}) =>
  makeCookbook(name, { 'metadata.yaml': metadata(name, more), ...files });
const problems = (...cookbooks: Parameters<typeof checkCookbooks>[0]) =>
  checkCookbooks(cookbooks, '0.1.0').map(({ message }) => message);

const LIBRARY = cookbook('lib', '', {
  'recipes/tool.yaml': 'parameters: { port: { type: integer } }\nresources: []',
  'resources/site.yaml': 'summary: x\nresources: [{ directory: "/{{name}}" }]',
});
const user = (more: string, item: string) => cookbook('web', more, { 'recipes/main.yaml': `resources: [${item}]` });

describe('checkCookbooks', () => {
  it('has nothing against cookbooks that fit', () => {
    const web = user(
      'depends: { lib: ">=1.2 <2" }\nbde: ">=0.1"\n',
      '{ include: "lib::tool", arguments: { port: 1 } }, { "lib::site": a }',
    );

    expect(problems(LIBRARY, web)).toEqual([]);
  });

  it('refuses a version that does not fit, at the place of the range', () => {
    expect(problems(LIBRARY, user('depends: { lib: ">=2" }\n', ''))).toEqual([
      'cookbooks/web/metadata.yaml:5:12: web needs lib >=2; the cookbook lib is 1.4.0',
    ]);
  });

  it('refuses a cookbook that is not there, and names the nearest', () => {
    expect(problems(LIBRARY, user('depends: { lob: ">=1" }\n', ''))).toEqual([
      'cookbooks/web/metadata.yaml:5:12: web needs the cookbook lob, which is not there; did you mean "lib"?',
    ]);
  });

  it('refuses another bde than the cookbook is for, where it is told which this is', () => {
    const web = user('bde: ">=3"\n', '');

    expect(problems(web)).toEqual(['cookbooks/web/metadata.yaml:5:1: web needs bde >=3; this is 0.1.0']);
    expect(checkCookbooks([web], null)).toEqual([]);
  });

  it('takes the version of a build that is not released yet', () => {
    expect(checkCookbooks([user('bde: ">=0.1"\n', '')], '0.2.0-rc.1')).toEqual([]);
  });

  it('wants a cookbook that is used to be depended on', () => {
    const [problem] = checkCookbooks([LIBRARY, user('', '{ "lib::site": a }')], null);

    expect(problem?.message).toBe(
      'cookbooks/web/recipes/main.yaml:1:15: the lib::site is of the cookbook lib, and web does not depend on lib',
    );
    expect(problem?.hint).toBe('Write into metadata.yaml: depends: { lib: ">=1.4.0" }.');
  });

  it.each([
    ['{ include: "lib::tol" }', 'include names lib::tol, which is not there; did you mean "lib::tool"?'],
    ['{ "lib::sit": a }', 'names lib::sit, which is not there; did you mean "lib::site"?'],
    ['{ include: "lib::tool" }', 'include of lib::tool lacks the argument "port"'],
    [
      '{ include: "lib::tool", arguments: { port: 1, prt: 2 } }',
      'lib::tool has no parameter "prt"; did you mean "port"?',
    ],
  ])('refuses %s before anything is rendered', (item, expected) => {
    expect(problems(LIBRARY, user('depends: { lib: "*" }\n', item)).join('\n')).toContain(expected);
  });

  it('prints a circle, whatever `when` says of its way', () => {
    const web = cookbook('web', '', {
      'recipes/a.yaml': 'resources: [{ "web::x": n, when: "false" }]',
      'resources/x.yaml': 'summary: x\nresources: [{ include: "web::a" }]',
    });

    expect(problems(web)).toEqual(['Recipes lead back to themselves: web::a -> web::x -> web::a']);
  });

  it('refuses attributes that a role sets and nobody declares', () => {
    const web = cookbook('web', '', {
      'attributes.yaml':
        'version: { type: string, default: "1" }\nflags: { type: object, additionalProperties: { type: string }, owned: { zk: the ensemble }, default: {} }\n',
      'roles/web.yaml':
        'summary: x\nrunList: []\nattributes:\n  web:\n    version: 1.10\n    prt: 1\n    flags: { zk: x }\n  wib: {}\n',
    });

    expect(problems(web)).toEqual([
      'cookbooks/web/roles/web.yaml:5:14: the attribute web.version is 1.10 without quotes, which YAML reads as the number 1.1; allowed is a string',
      'cookbooks/web/roles/web.yaml:6:5: the attribute web.prt is not known',
      'cookbooks/web/roles/web.yaml:7:14: the attribute web.flags.zk is set by bde itself: the ensemble',
      'cookbooks/web/roles/web.yaml:8:3: there is no cookbook "wib"; did you mean "web"?',
    ]);
  });
});

describe('metadata.yaml', () => {
  it.each([
    ['depends: { lib: soon }', ':5:17: depends.lib is "soon"; allowed is a range of versions, such as ">=1.2 <2"'],
    ['bde: newest', ':5:6: bde is "newest"; allowed is a range of versions'],
    ['depends: { lib: 1.10 }', ':5:17: depends.lib is 1.10 without quotes, which YAML reads as the number 1.1'],
  ])('refuses %j', (line, expected) => {
    expect(errorOf(() => cookbook('web', `${line}\n`)).message).toContain(expected);
  });
});
