import { describe, expect, it } from 'vitest';
import { commandTree } from '../../../../src/cli/completion/command-tree.js';
import { MANIFEST, TOPICS } from './sample-manifest.js';

describe('commandTree', () => {
  it('puts commands below their topics, sorted', () => {
    const tree = commandTree(MANIFEST, TOPICS);

    expect(tree.topics.map(({ name, commands }) => [name, commands.map((command) => command.name)])).toEqual([
      ['cluster', ['create', 'list']],
      ['spec', ['list']],
    ]);
    expect(tree.commands.map(({ name }) => name)).toEqual(['completion']);
  });

  it('leaves hidden flags and hidden commands out', () => {
    const [cluster] = commandTree(MANIFEST, TOPICS).topics;

    expect(cluster?.commands[0]?.flags.map(({ name }) => name)).toEqual(['plan', 'spec']);
  });

  it('keeps the first sentence of what a flag does', () => {
    const [cluster] = commandTree(MANIFEST, TOPICS).topics;

    expect(cluster?.commands[0]?.flags).toEqual([
      { name: 'plan', char: null, takesValue: false, summary: "Show what would be done, don't do it" },
      { name: 'spec', char: 's', takesValue: true, summary: 'VENDOR/FLAVOUR [of the map]' },
    ]);
  });

  it('offers what the first argument may be', () => {
    expect(commandTree(MANIFEST, TOPICS).commands[0]?.choices).toEqual(['bash', 'zsh']);
  });
});
