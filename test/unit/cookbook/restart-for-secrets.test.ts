import { describe, expect, it } from 'vitest';
import type { Cookbook } from '../../../src/cookbook/cookbook.js';
import { resolveRun } from '../../../src/cookbook/resolve-run.js';
import { compileRun } from '../../../src/cookbook/compile-run.js';
import { secretToken } from '../../../src/cookbook/secret-token.js';
import { compileInput, makeCookbook, recipeCookbook } from './cookbook-support.js';

const ATTRIBUTES = { 'attributes.yaml': 'password: { type: string, secret: true }\n' };
const INPUT = compileInput({ attributes: { demo: { password: secretToken('cluster.demo.password') } } });

function impliedOf(...cookbooks: readonly Cookbook[]): Readonly<Record<string, readonly string[]>> {
  const { resources } = resolveRun(INPUT, cookbooks);
  return Object.fromEntries(
    resources
      .filter(({ implied }) => implied.length > 0)
      .map(({ id, implied }) => [id, implied.map(({ action, target }) => `${action} ${target}`)]),
  );
}

const SECRET_FILE = '  - file: /etc/web\n    mode: "0600"\n    content: "{{attributes.password}}"\n';
const SERVICES = '  - service: web\n  - service: old\n    state: stopped\n';

describe('a file that holds a secret', () => {
  it('restarts what its cookbook keeps running, where it tells nobody', () => {
    const cookbook = recipeCookbook(`${SECRET_FILE}${SERVICES}`, ATTRIBUTES);

    expect(impliedOf(cookbook)).toEqual({ 'file[/etc/web]': ['restart service[web]'] });
  });

  it('restarts nothing more where it tells somebody', () => {
    const cookbook = recipeCookbook(`${SECRET_FILE}    notify: reload service[web]\n${SERVICES}`, ATTRIBUTES);

    expect(impliedOf(cookbook)).toEqual({});
  });

  it('restarts nothing as a seed, whose content is not written again', () => {
    const cookbook = recipeCookbook(`${SECRET_FILE}    seed: true\n${SERVICES}`, ATTRIBUTES);

    expect(impliedOf(cookbook)).toEqual({});
  });

  it('restarts the service of its own custom resource alone', () => {
    const cookbook = recipeCookbook(
      '  - demo::site: a\n    password: "{{attributes.password}}"\n  - demo::site: b\n    password: plain\n',
      {
        ...ATTRIBUTES,
        'resources/site.yaml': [
          'summary: A site',
          'parameters: { password: { type: string } }',
          'resources:',
          '  - file: /etc/{{name}}',
          '    mode: "0600"',
          '    content: "{{parameters.password}}"',
          '  - service: "web@{{name}}"',
          '',
        ].join('\n'),
      },
    );

    expect(impliedOf(cookbook)).toEqual({
      'demo::site[a]/file[/etc/a]': ['restart demo::site[a]/service[web@a]'],
    });
  });

  it('restarts the services of the whole run where its cookbook has none', () => {
    const base = makeCookbook('base', { 'recipes/time.yaml': 'resources:\n  - service: chrony\n' });
    const files = { ...ATTRIBUTES, 'roles/demo.yaml': 'summary: D\nrunList: ["base::time", "demo::main"]\n' };

    expect(impliedOf(recipeCookbook(SECRET_FILE, files), base)).toEqual({
      'file[/etc/web]': ['restart service[chrony]'],
    });
    expect(impliedOf(recipeCookbook(`${SECRET_FILE}${SERVICES}`, files), base)).toEqual({
      'file[/etc/web]': ['restart service[web]'],
    });
  });
});

describe('what is implied', () => {
  it('is in the script, and no part of what decides whether a node differs', () => {
    const cookbook = recipeCookbook(`${SECRET_FILE}${SERVICES}`, ATTRIBUTES);

    const { resources, script } = compileRun(INPUT, [cookbook]);

    expect(resources.find(({ id }) => id === 'file[/etc/web]')?.parameters).not.toHaveProperty('notify');
    expect(script).toContain('restart service[web]');
  });

  it('is nothing for a file without a secret, or a command with one', () => {
    const plain = '  - file: /etc/web\n    content: x\n';
    const command = '  - execute: tell\n    command: "tell {{quote attributes.password}}"\n    creates: /x\n';

    expect(impliedOf(recipeCookbook(`${plain}${command}${SERVICES}`, ATTRIBUTES))).toEqual({});
  });
});
