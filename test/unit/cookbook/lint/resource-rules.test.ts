import { describe, expect, it } from 'vitest';
import { makeCookbook } from '../cookbook-support.js';
import { findingsIn, withRecipe } from './lint-support.js';

describe('an execute', () => {
  it('without a guard is a warning, for it runs each time', () => {
    expect(findingsIn(withRecipe('- execute: load data', '  command: "true"'))).toEqual([
      'recipes/main.yaml:2:5 never-idempotent: execute[load data] has no guard, so it runs each time and counts as a change',
    ]);
  });

  it.each(['creates: /done', 'only_if: test -e /a', 'not_if: test -e /a'])('with %s is none', (guard) => {
    expect(findingsIn(withRecipe('- execute: load data', '  command: "true"', `  ${guard}`))).toEqual([]);
  });

  it('without a guard is right where it takes or restores data, for it is meant to run each time', () => {
    const files = {
      'roles/demo.yaml':
        'summary: Demo\nrunList: []\nbackup: { scope: any, runList: ["demo::main"] }\nrestore: { runList: ["demo::main"] }\n',
      'recipes/main.yaml': 'resources:\n  - execute: dump\n    command: "dump {{backup.directory}}"\n',
    };

    expect(findingsIn(files)).toEqual([]);
  });

  it('that runs only when notified has to be notified by something', () => {
    const lines = ['- execute: reload', '  command: "true"', '  notified_only: true'];

    expect(findingsIn(withRecipe(...lines))).toEqual([
      'recipes/main.yaml:2:5 never-run: execute[reload] runs only when notified, and nothing notifies it',
    ]);
    expect(findingsIn(withRecipe('- file: /a', '  content: x', '  notify: run execute[reload]', ...lines))).toEqual([]);
  });
});

describe('a notification', () => {
  it('of a resource that is in no run list with it is an error', () => {
    const recipe = withRecipe('- file: /a', '  content: x', '  notify: restart service[wbe]', '- service: web');

    expect(findingsIn(recipe)).toEqual([
      'recipes/main.yaml:4:13 notify-nobody: "restart service[wbe]" notifies service[wbe], which is in no run list with it; did you mean "service[web]"?',
    ]);
  });

  it.each([
    [
      'is heard later in the list',
      ['- file: /a', '  content: x', '  notify: restart service[web] immediately', '- service: web'],
    ],
    [
      'is left to compiling where its name is a template',
      ['- file: /a', '  content: x', '  notify: "restart service[{{node.name}}]"'],
    ],
    [
      'is left to compiling where the name of a service is one',
      ['- file: /a', '  content: x', '  notify: restart service[web]', '- service: "{{node.name}}"'],
    ],
  ])('%s', (_, lines) => {
    expect(findingsIn(withRecipe(...lines))).toEqual([]);
  });

  it('has to be heard in the run list of every role that has the recipe', () => {
    const files = {
      ...withRecipe('- file: /a', '  content: x', '  notify: restart service[web]'),
      'recipes/web.yaml': 'resources:\n  - service: web\n',
      'roles/demo.yaml': 'summary: Demo\nrunList: ["demo::main", "demo::web"]\n',
    };
    const other = makeCookbook('other', { 'roles/lone.yaml': 'summary: Lone\nrunList: ["demo::main"]\n' });

    expect(findingsIn(files)).toEqual([]);
    expect(findingsIn(files, { others: [other] })).toEqual([
      'recipes/main.yaml:4:13 notify-nobody: "restart service[web]" notifies service[web], which is in no run list with it',
    ]);
  });
});
