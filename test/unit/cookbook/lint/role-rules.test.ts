import { describe, expect, it } from 'vitest';
import { makeCookbook } from '../cookbook-support.js';
import { findingsIn } from './lint-support.js';

const RECIPE = { 'recipes/main.yaml': 'resources: []\n' };

const role = (text: string) => ({ ...RECIPE, 'roles/demo.yaml': `summary: Demo\n${text}\n` });

describe('a role', () => {
  it('has to run recipes that are there', () => {
    expect(findingsIn(role('runList: ["demo::main", "demo::mian"]'))).toEqual([
      'roles/demo.yaml:2:25 unknown-recipe: the run list names demo::mian, which is not there; did you mean "demo::main"?',
    ]);
  });

  it('has to back up and restore by recipes that are there', () => {
    const lines = ['runList: ["demo::main"]', 'backup: { scope: any, runList: ["demo::mane"] }'];

    expect(findingsIn(role([...lines, 'restore: { runList: ["demo::main", "demo::zzz"] }'].join('\n')))).toEqual([
      'roles/demo.yaml:3:33 unknown-recipe: backup names demo::mane, which is not there; did you mean "demo::main"?',
      'roles/demo.yaml:4:36 unknown-recipe: restore names demo::zzz, which is not there',
    ]);
  });

  it('may run recipes of other cookbooks', () => {
    const other = makeCookbook('other', { 'recipes/base.yaml': 'resources: []\n' });

    expect(findingsIn(role('runList: ["other::base"]'), { others: [other] })).toEqual([]);
  });

  it('has to require and read roles that some cookbook has', () => {
    expect(findingsIn(role('runList: ["demo::main"]\nrequires: [demmo]\nreads: [demo, other]'))).toEqual([
      'roles/demo.yaml:3:12 unknown-role: requires names the role demmo, which no cookbook has; did you mean "demo"?',
      'roles/demo.yaml:4:15 unknown-role: reads names the role other, which no cookbook has',
    ]);
  });

  it('belongs to one cookbook', () => {
    const other = makeCookbook('other', { 'roles/demo.yaml': 'summary: Twin\nrunList: []\n' });

    expect(findingsIn(role('runList: ["demo::main"]'), { others: [other] })).toEqual([
      'roles/demo.yaml:1:1 role-claimed-twice: the role demo is in the cookbook other as well; a role belongs to one',
    ]);
  });

  it('has to set attributes that are declared', () => {
    expect(findingsIn(role('runList: ["demo::main"]\nattributes: { demo: { port: 1 } }'))).toEqual([
      'roles/demo.yaml:3:23 format: the attribute demo.port is not known',
    ]);
  });
});

describe('a cookbook that does not parse', () => {
  it('gives each error of its files, and nothing else', () => {
    const files = {
      'metadata.yaml': 'formatVersion: 1\nname: demo\nversion: 1.0\nsummary: Demo\n',
      'recipes/main.yaml':
        'resources:\n  - execute: x\n    command: y\n  - file: /a\n    mode: 0644\n    content: ""\n',
    };

    expect(findingsIn(files)).toEqual([
      expect.stringMatching(/^metadata\.yaml:3:10 format: version is 1\.0 without quotes/) as string,
      expect.stringMatching(/^recipes\/main\.yaml:5:11 format: .*mode is /) as string,
    ]);
  });
});
