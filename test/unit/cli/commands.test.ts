import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/index.js';

const ROOT = join(import.meta.dirname, '../../..');
const ALL = Object.entries(commands);

/** oclif's types promise flags that a class without any does not have. */
function flagsOf(command: Partial<Command.Class>) {
  return Object.entries(command.flags ?? {});
}

/** Every flag and argument of a command, its own and the inherited ones. */
function parametersOf(command: Partial<Command.Class>) {
  return [...Object.entries(command.baseFlags ?? {}), ...flagsOf(command), ...Object.entries(command.args ?? {})];
}

describe('every command', () => {
  it.each(ALL)('%s has a summary that starts with a verb and ends with a full stop', (_, command) => {
    expect(command.summary).toMatch(/^[A-Z][a-z]+,? .*\.$/);
  });

  it.each(ALL)('%s has at least two examples that name it', (id, { examples }) => {
    const lines = examples.map(String);

    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.every((line) => line.includes(` ${id.replace(':', ' ')}`))).toBe(true);
  });

  it.each(ALL)('%s describes each of its flags and arguments', (_, command) => {
    const undescribed = parametersOf(command).filter(([, { description }]) => description?.endsWith('.') !== true);

    expect(undescribed.map(([name]) => name)).toEqual([]);
  });

  // oclif takes a default for given: `--diff` would be there without anybody having typed it.
  it.each(ALL)('%s gives no default to flags that others depend on', (_, command) => {
    const related = flagsOf(command).flatMap(([name, flag]) =>
      flag.dependsOn === undefined ? [] : [name, ...flag.dependsOn.map(String)],
    );

    const withDefault = flagsOf(command).filter(([name, flag]) => related.includes(name) && flag.default !== undefined);
    expect(withDefault.map(([name]) => name)).toEqual([]);
  });

  it.each(ALL)('%s takes --json unless it hands the terminal over', (id, command) => {
    expect(command.enableJsonFlag).toBe(id !== 'cluster:ssh');
  });
});

describe('the published formats', () => {
  it('have one definition for each command that takes --json, named in docs/json.md', () => {
    const page = readFileSync(join(ROOT, 'docs/json.md'), 'utf8');
    const named = [
      ...page.matchAll(/^\| `bde ([a-z -]+)` \| \[([a-z]+)\.schema\.json\].*`#\/\$defs\/([a-z-]+)` \|$/gm),
    ];

    expect(named.map(([, words]) => words)).toEqual(
      ALL.filter(([, { enableJsonFlag }]) => enableJsonFlag)
        .map(([id]) => id.replace(':', ' '))
        .toSorted(),
    );
    for (const [, , topic, name] of named) {
      const file = join(ROOT, `docs/json/${String(topic)}.schema.json`);
      const { $defs } = JSON.parse(readFileSync(file, 'utf8')) as { $defs: object };
      expect(Object.keys($defs)).toContain(name);
    }
  });
});

describe('package.json', () => {
  it('describes every topic that a command has, and no other', () => {
    const { oclif } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { oclif: { topics: object } };
    const topics = new Set(ALL.flatMap(([id]) => (id.includes(':') ? [id.split(':')[0] ?? ''] : [])));

    expect(Object.keys(oclif.topics).toSorted()).toEqual([...topics].toSorted());
  });
});
