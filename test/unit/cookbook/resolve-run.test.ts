import { describe, expect, it } from 'vitest';
import type { Cookbook } from '../../../src/cookbook/cookbook.js';
import { resolveRun } from '../../../src/cookbook/resolve-run.js';
import { secretToken } from '../../../src/cookbook/secret-token.js';
import type { CompileInput } from '../../../src/cookbook/types.js';
import { compileInput, errorOf, makeCookbook, nodeView, recipeCookbook } from './cookbook-support.js';

const idsOf = (cookbook: Cookbook, input: Partial<CompileInput> = {}) =>
  resolveRun(compileInput(input), [cookbook]).resources.map(({ id }) => id);

const messageOf = (resources: string, input: Partial<CompileInput> = {}) =>
  errorOf(() => resolveRun(compileInput(input), [recipeCookbook(resources)])).message;

describe('resolveRun', () => {
  it('has the recipes of the run list in their order', () => {
    const cookbook = makeCookbook('demo', {
      'roles/demo.yaml': 'summary: x\nrunList: ["demo::second", "demo::first"]\n',
      'recipes/first.yaml': 'resources:\n  - directory: /a\n',
      'recipes/second.yaml': 'resources:\n  - directory: /b\n  - directory: /c\n',
    });

    expect(idsOf(cookbook)).toEqual(['directory[/b]', 'directory[/c]', 'directory[/a]']);
  });

  it('leaves out what `when` says no to, unrendered', () => {
    const cookbook = recipeCookbook(`
  - ca_certificate: x
    when: "{{has mirror}}"
    path: "{{mirror.caPath}}"
  - directory: /a
    when: '{{eq node.name "c-zk-0"}}'
`);

    expect(idsOf(cookbook)).toEqual(['directory[/a]']);
  });

  it('gives each cookbook its own attributes', () => {
    const cookbook = recipeCookbook('  - directory: "{{attributes.folder}}"\n');

    expect(idsOf(cookbook, { attributes: { demo: { folder: '/mine' }, other: { folder: '/theirs' } } })).toEqual([
      'directory[/mine]',
    ]);
  });

  it('shows only the nodes of roles that the role requires or reads', () => {
    const cookbook = recipeCookbook('  - directory: "/{{length roles.demo}}/{{length roles.web}}"\n', {
      'roles/demo.yaml': 'summary: x\nrequires: [web]\nrunList: ["demo::main"]\n',
    });
    const nodes = [nodeView(0), nodeView(1, { roles: ['demo', 'web'] })];

    expect(idsOf(cookbook, { nodes })).toEqual(['directory[/2/1]']);
    expect(messageOf('  - directory: "/{{length roles.web}}"\n')).toContain('"roles.web" is missing');
  });

  it('computes the majority of the role', () => {
    const nodes = [0, 1, 2, 3].map((index) => nodeView(index));

    expect(idsOf(recipeCookbook('  - directory: "/{{quorum}}"\n'), { nodes })).toEqual(['directory[/3]']);
  });

  it.each([
    [
      '  - directory: /a\n  - file: /a\n    content: x\n',
      'demo/recipes/main.yaml:3:5: /a is there twice, first at cookbooks/demo/recipes/main.yaml:2:5',
    ],
    ['  - execute: a\n    command: x\n  - execute: a\n    command: y\n', 'main.yaml:4:5: execute[a] is there twice'],
    ['  - directory: a\n', 'main.yaml:2:5: the directory is "a"; allowed is an absolute path'],
    ['  - directory: /a/../b\n', 'allowed is an absolute path without ".."'],
    ['  - directory: "/a\\nb"\n', 'allowed is an absolute path'],
    [
      '  - directory: /a\n    mode: "{{node.name}}"\n',
      'main.yaml:3:5: mode is "c-zk-0"; allowed is three or four octal digits',
    ],
    ['  - service: "a b"\n', 'the service is "a b"; allowed is a name of letters'],
    ['  - service: "--now"\n', 'allowed is a name of letters'],
    ['  - template: /a\n', 'the template has to have one of "source" and "content"'],
    ['  - template: /a\n    source: nope\n', 'main.yaml:3:5: source names templates/nope.hbs, which is not there'],
    ['  - file: /a\n    source: nope\n', 'main.yaml:3:5: source names files/nope, which is not there'],
    ['  - wait_for: x\n', 'the wait_for has to have one of port, http, command, file'],
    ['  - wait_for: x\n    port: 1\n    file: /x\n', 'the wait_for has to have one of port, http, command, file'],
    ['  - user: a\n    comment: "x:y"\n', 'comment has a colon or a line end'],
    ['  - directory: /a\n    when: "{{node.name}}"\n', 'main.yaml:3:5: when renders "c-zk-0"; allowed is true, false'],
    [
      '  - directory: /a\n    notify: restart service[b]\n',
      'main.yaml:2:5: notifies service[b], which is not in the run',
    ],
    [
      '  - directory: /a\n    notify: stop service[b]\n  - service: b\n',
      'asks service[b] to stop; actions are restart, reload',
    ],
    ['  - directory: /a\n    notify: run directory[/b]\n  - directory: /b\n', 'asks directory[/b] to run; it has none'],
    ['  - sysctl: net..x\n    value: "1"\n', 'allowed is a name such as vm.swappiness'],
    ['  - link: /a\n    to: "x\\ny"\n', 'which is no path'],
  ])('refuses %j', (resources, expected) => {
    expect(messageOf(resources)).toContain(expected);
  });

  it('says everything that is wrong in a run list at once', () => {
    const cookbook = recipeCookbook('  - directory: a\n  - directory: "{{nope}}"\n  - directory: /b\n');

    const error = errorOf(() => resolveRun(compileInput(), [cookbook]));

    expect(error.failures.map(({ code }) => code)).toEqual(['COOKBOOK_INVALID', 'RENDER_FAILED']);
  });

  it('names the nearest recipe and role where one is not there', () => {
    const cookbook = makeCookbook('demo', {
      'roles/demo.yaml': 'summary: x\nrunList: ["demo::mian"]\n',
      'recipes/main.yaml': 'resources: []\n',
    });

    expect(errorOf(() => resolveRun(compileInput(), [cookbook])).message).toBe(
      'The run list of demo names demo::mian, which is not there; did you mean "demo::main"?',
    );
    expect(errorOf(() => resolveRun(compileInput({ role: 'dmo' }), [cookbook])).message).toBe(
      'No cookbook has the role "dmo"; did you mean "demo"?',
    );
  });
});

describe('secrets in a run', () => {
  const attributes = { demo: { password: secretToken('p') } };

  it.each([
    [
      '  - file: /a\n    content: "{{attributes.password}}"\n',
      'holds a secret, and mode "644" lets everyone on the node read it',
    ],
    ['  - systemd_unit: a\n    content: "{{attributes.password}}"\n', 'holds a secret, and mode "644" lets everyone'],
    ['  - link: /a\n    to: "{{attributes.password}}"\n', 'holds a secret where others can see it'],
    ['  - wait_for: a\n    command: "x {{attributes.password}}"\n', 'holds a secret where others can see it'],
    ['  - directory: /a\n    only_if: "x {{attributes.password}}"\n', 'holds a secret where others can see it'],
  ])('are refused where others on the node could read them: %j', (resources, expected) => {
    expect(messageOf(resources, { attributes })).toContain(expected);
  });

  it('may stand in a file that others cannot read, and in a command', () => {
    const cookbook = recipeCookbook(`
  - file: /a
    mode: "0640"
    content: "{{attributes.password}}"
  - execute: b
    command: x {{quote attributes.password}}
    environment: { PASSWORD: "{{attributes.password}}" }
`);

    expect(idsOf(cookbook, { attributes })).toEqual(['file[/a]', 'execute[b]']);
  });

  it('are not let in by a fact that pretends to be one', () => {
    const facts = { demo: { 'c-zk-1': { join: `x${secretToken('ssh-key')}` } } };

    const error = errorOf(() => resolveRun(compileInput({ facts }), [recipeCookbook('  - directory: /a\n')]));

    expect(error.message).toBe('The fact join of demo on c-zk-1 looks like the placeholder of a secret');
  });
});
