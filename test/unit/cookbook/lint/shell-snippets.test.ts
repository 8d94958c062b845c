import { describe, expect, it } from 'vitest';
import { shellFinding, shellcheckFinding } from '../../../../src/cookbook/lint/shell-findings.js';
import { shellSnippets } from '../../../../src/cookbook/lint/shell-snippets.js';
import { formatPlace } from '../../../../src/cookbook/render/source-place.js';
import { cookbookSource, type CookbookFiles } from '../cookbook-support.js';
import { withRecipe } from './lint-support.js';

const snippetsOf = (files: CookbookFiles) =>
  shellSnippets(cookbookSource('demo', files)).map(({ text, places }) => [
    text,
    places.map((place) => formatPlace(place).replace('cookbooks/demo/', '')).join(' '),
  ]);

describe('shellSnippets', () => {
  it('finds commands, guards, probes, acceptance tests and facts', () => {
    const files = {
      ...withRecipe('- execute: a', '  command: run a', '  not_if: test a', '- wait_for: b', '  command: wait b'),
      'roles/demo.yaml': [
        'summary: Demo',
        'runList: ["demo::main"]',
        'ready: { probe: { command: "ready" } }',
        'acceptance: { command: accept }',
        'facts: { token: { schema: { type: string }, command: fact } }',
        '',
      ].join('\n'),
    };

    expect(snippetsOf(files)).toEqual([
      ['ready', 'roles/demo.yaml:3:29'],
      ['accept', 'roles/demo.yaml:4:24'],
      ['fact', 'roles/demo.yaml:5:54'],
      ['run a', 'recipes/main.yaml:3:14'],
      ['test a', 'recipes/main.yaml:4:13'],
      ['wait b', 'recipes/main.yaml:6:14'],
    ]);
  });

  it('reads both ways of a condition, each line at its place', () => {
    const lines = [
      '- execute: a',
      '  command: |',
      '    {{#if attributes.x}}',
      '    one',
      '    {{else}}',
      '    two',
      '    {{/if}}',
    ];

    expect(snippetsOf(withRecipe(...lines))).toEqual([
      ['one\n', 'recipes/main.yaml:5:7'],
      ['two\n', 'recipes/main.yaml:7:7'],
    ]);
  });

  it('reads files and templates that begin like a script of sh', () => {
    const files = {
      'files/run': '#!/bin/sh\nexit 0\n',
      'files/other': '#!/usr/bin/python3\n',
      'templates/start.hbs': '#!/bin/sh\necho {{node.name}}\n',
      'templates/conf.hbs': 'x={{node.name}}\n',
    };

    expect(snippetsOf(files).map(([text]) => text)).toEqual(['#!/bin/sh\necho x1\n', '#!/bin/sh\nexit 0\n']);
  });

  it('takes no name of a resource for shell', () => {
    expect(snippetsOf(withRecipe('- execute: not ( shell', '  command: "true"', '  creates: /a'))).toEqual([
      ['true', 'recipes/main.yaml:3:15'],
    ]);
  });
});

describe('shellFinding', () => {
  const snippet = {
    text: 'if true\nfi\n',
    places: [
      { file: 'a', line: 4, column: 9 },
      { file: 'a', line: 5, column: 1 },
    ],
  };

  it.each([
    ['sh: 2: Syntax error: "fi" unexpected (expecting "then")', 'a:5:1', '"fi" unexpected (expecting "then")'],
    ["sh: line 2: syntax error near unexpected token `fi'", 'a:5:1', "near unexpected token `fi'"],
    ['sh: 3: Syntax error: end of file unexpected', 'a:5:1', 'end of file unexpected'],
    ['sh: syntax error: unexpected "fi"', 'a:4:9', 'sh: syntax error: unexpected "fi"'],
  ])('places %j', (said, place, reason) => {
    const finding = shellFinding(snippet, `${said}\n`);

    expect(formatPlace(finding.place)).toBe(place);
    expect(finding).toMatchObject({
      rule: 'shell-syntax',
      severity: 'error',
      message: `a POSIX shell cannot read this: ${reason}`,
    });
  });

  it('adds the column of a comment of shellcheck to where the text begins', () => {
    const finding = shellcheckFinding(snippet, { line: 1, column: 4, code: 2086, message: 'Double quote.' });

    expect(formatPlace(finding.place)).toBe('a:4:12');
    expect(finding).toMatchObject({ rule: 'shellcheck', severity: 'warning', message: 'Double quote. (SC2086)' });
  });
});
