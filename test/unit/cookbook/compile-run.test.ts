import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRun } from '../../../src/cookbook/compile-run.js';
import type { Cookbook } from '../../../src/cookbook/cookbook.js';
import { secretToken } from '../../../src/cookbook/secret-token.js';
import type { CompileInput } from '../../../src/cookbook/types.js';
import { compileInput, nodeView, recipeCookbook } from './cookbook-support.js';

const compile = (resources: string, input: Partial<CompileInput> = {}) =>
  compileRun(compileInput(input), [recipeCookbook(resources)]);

const digest = (resources: string, input: Partial<CompileInput> = {}) => compile(resources, input).digest;

describe('the digest of a run', () => {
  it('stays what it is: another one would touch every node of every cluster', () => {
    const resources = `
  - directory: /etc/demo
    mode: "0750"
  - template: /etc/demo/conf
    content: "name={{node.name}}\\n"
    notify: restart service[demo]
  - package: demo
  - service: demo
`;

    expect(digest(resources, { lockedPackages: { demo: 'demo-1.0-1.noarch' } })).toBe(
      '6012504608fa71e18a622094e51483849c3a0b57552c1b96ebcd1bde6f92fe63',
    );
  });

  it('does not see where a resource stands in its file', () => {
    expect(digest('  - directory: /a\n')).toBe(digest('\n\n  - directory: /a # moved\n'));
  });

  it.each([
    ['  - directory: /a\n', '  - directory: /b\n'],
    ['  - directory: /a\n', '  - directory: /a\n    mode: "0700"\n'],
    ['  - file: /a\n    content: x\n', '  - file: /a\n    content: y\n'],
    ['  - directory: /a\n', '  - directory: /a\n    only_if: "true"\n'],
    ['  - execute: a\n    command: x\n', '  - execute: a\n    command: y\n'],
    ['  - directory: /a\n  - directory: /b\n', '  - directory: /b\n  - directory: /a\n'],
    ['  - service: a\n  - directory: /b\n', '  - service: a\n  - directory: /b\n    notify: restart service[a]\n'],
  ])('sees the difference between %j and %j', (one, other) => {
    expect(digest(one)).not.toBe(digest(other));
  });

  it('sees another version of a package', () => {
    const [one, other] = ['demo-1.0-1.noarch', 'demo-1.1-1.noarch'].map((demo) =>
      digest('  - package: demo\n', { lockedPackages: { demo } }),
    );

    expect(one).not.toBe(other);
  });

  it('is not changed by a node that no file names', () => {
    const [few, many] = [[nodeView(0)], [nodeView(0), nodeView(1)]].map((nodes) =>
      digest('  - template: /a\n    content: "{{node.name}}"\n', { nodes }),
    );

    expect(few).toBe(many);
  });

  it('never looks into a seed', () => {
    const seed = (content: string) => `  - file: /a\n    seed: true\n    content: "${content}"\n`;

    expect(digest(seed('x'))).toBe(digest(seed('y')));
  });

  it('sees a changed secret by its HMAC alone', () => {
    const resources = '  - file: /a\n    mode: "0600"\n    content: "{{attributes.password}}"\n';
    const attributes = { demo: { password: secretToken('p') } };

    const [one, other] = ['mac one', 'mac two'].map((mac) => digest(resources, { attributes, secretMac: () => mac }));

    expect(one).not.toBe(other);
  });

  it('sees a changed fact command', () => {
    const role = (command: string) => ({
      'roles/demo.yaml': `summary: x\nrunList: ["demo::main"]\nfacts: { a: { schema: { type: string }, command: "${command}" } }\n`,
    });

    const [one, other] = ['x', 'y'].map(
      (command) => compileRun(compileInput(), [recipeCookbook('  - directory: /a\n', role(command))]).digest,
    );

    expect(one).not.toBe(other);
  });
});

describe('compileRun', () => {
  it('is deterministic for any content', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const fresh = () => {
          const recipe = '  - file: /a\n    source: x\n  - file: /b\n    content: "{{attributes.text}}"\n';
          const cookbook = recipeCookbook(recipe, { 'files/x': text });
          return compileRun(compileInput({ attributes: { demo: { text } } }), [cookbook]);
        };

        expect(fresh()).toEqual(fresh());
      }),
      { numRuns: 30 },
    );
  });

  it('names its resources with their places', () => {
    const { resources } = compile('  - directory: /a\n    creates: /b\n  - service: a\n');

    expect(resources).toEqual([
      {
        id: 'directory[/a]',
        kind: 'directory',
        parameters: { path: '/a', mode: '755', owner: 'root', group: 'root', guards: { creates: '/b' } },
        source: 'cookbooks/demo/recipes/main.yaml:2:5',
      },
      {
        id: 'service[a]',
        kind: 'service',
        parameters: { unit: 'a.service', state: 'running', enabled: true },
        source: 'cookbooks/demo/recipes/main.yaml:4:5',
      },
    ]);
  });

  it('holds placeholders in the script, and no trace of secrets in what is shown', () => {
    const run = compile('  - file: /a\n    mode: "0600"\n    content: "k={{attributes.password}}"\n', {
      attributes: { demo: { password: secretToken('p') } },
    });

    expect(run.secrets).toEqual(['p']);
    expect(run.script).toContain(`'k=${secretToken('p')}'`);
    expect(JSON.stringify(run.resources)).not.toContain('bde-secret');
  });

  it('carries only the shell functions that its resources need', () => {
    const { script } = compile('  - directory: /a\n');

    expect(script).toContain('directory_probe()');
    expect(script).not.toContain('service_probe()');
    expect(script).not.toMatch(/^\s*#/m);
  });

  it('carries bytes that are no text as base64', () => {
    const cookbook = recipeCookbook('  - file: /a\n    source: x\n', { 'files/x': Buffer.from([0, 255, 10]) });

    const { script } = compileRun(compileInput(), [cookbook]);

    expect(script).toContain("bde_content_1() { printf %s 'AP8K' | base64 -d; }");
  });

  it('asks a service once however many resources notify it', () => {
    const { script } = compile(`
  - file: /a
    content: x
    notify: restart service[b]
  - file: /c
    content: y
    notify: ["restart service[b]", "reload service[b] immediately"]
  - service: b
`);

    const flushes = script.split('\n').filter((line) => /^bde_flush\w* '/.test(line));
    expect(flushes).toEqual([
      "bde_flush_at_once 'reload service[b]' 'reload service[b]' service_reload b.service running",
      "bde_flush 'restart service[b]' 'restart service[b]' service_restart b.service running",
      "bde_flush 'reload service[b]' 'reload service[b]' service_reload b.service running",
    ]);
  });

  it('names marks of notifications so that they are never paths', () => {
    const { script } = compile(
      '  - file: /a\n    content: x\n    notify: run execute[x/../y]\n  - execute: x/../y\n    command: z\n',
    );

    expect(script).toContain("bde_raises 'run execute[x_.._y].");
  });
});

const WITH: Cookbook = recipeCookbook(
  '  - package: b\n  - package: a\n    notify: restart service[a]\n  - service: a\n',
);

describe('packages of a run', () => {
  it('are looked at in their locked versions, epoch and all', () => {
    const lockedPackages = { a: 'a-1:2.0-3.x86_64', b: 'b-1.0-1.noarch' };

    const { script } = compileRun(compileInput({ lockedPackages }), [WITH]);

    expect(script).toContain("bde_resource 'package[b]' package b 0:1.0-1.noarch\n");
    expect(script).toContain("bde_resource 'package[a]' package a 1:2.0-3.x86_64 'package[a]'\n");
  });
});

describe('templates of a run', () => {
  it('name attributes with dots in brackets', () => {
    const cookbook = recipeCookbook('  - file: /x\n    content: "{{attributes.[core-site.xml].[a.b]}}"\n', {
      'attributes.yaml': 'core-site.xml: { type: object, additionalProperties: { type: string } }\n',
    });

    const { script } = compileRun(compileInput({ attributes: { demo: { 'core-site.xml': { 'a.b': 'found' } } } }), [
      cookbook,
    ]);

    expect(script).toContain("printf %s 'found'");
  });
});
