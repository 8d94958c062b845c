import type { CommandManifest } from '../../../../src/cli/completion/command-tree.js';

/** A manifest as oclif writes it, with what is hard to quote. */
export const MANIFEST: CommandManifest = {
  commands: {
    'spec:list': { id: 'spec:list', summary: 'List the specs.' },
    'cluster:list': { id: 'cluster:list', summary: 'List the clusters.' },
    'cluster:create': {
      id: 'cluster:create',
      summary: 'Create a cluster: from a spec.',
      flags: {
        plan: { name: 'plan', type: 'boolean', description: "Show what would be done, don't do it." },
        spec: { name: 'spec', char: 's', type: 'option', description: 'VENDOR/FLAVOUR [of the map]. Or a file.' },
        secret: { name: 'secret', type: 'option', hidden: true },
      },
      args: { name: { name: 'name' } },
    },
    completion: {
      id: 'completion',
      summary: 'Print the completion script of a shell.',
      args: { shell: { name: 'shell', options: ['bash', 'zsh'] } },
    },
    hidden: { id: 'hidden', summary: 'Not for people.', hidden: true },
  },
};

export const TOPICS = { spec: 'See specs.', cluster: "See and change clusters; that's all." };
