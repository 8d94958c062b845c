import blocks from '../shell/blocks.sh';
import edits from '../shell/edits.sh';
import files from '../shell/files.sh';
import lack from '../shell/lack.sh';
import script from './hosts_entries.sh';
import { bearersOfAny } from '../nodes-by-role.js';
import type { NodeView } from '../types.js';
import { markedBlock } from './marked-block.js';
import { readParameters } from './read-parameter.js';
import type { ResolveContext, ResourceKind } from './resource-kind.js';

const HOSTS_FILE = '/etc/hosts';

/** Names of other nodes in /etc/hosts: a block of ours in a file that is otherwise left alone. */
export const hostsEntries: ResourceKind = {
  kind: 'hosts_entries',
  revision: 1,
  scripts: [files, lack, edits, blocks, script],
  resolve(resource, context) {
    const reader = readParameters(resource, context.problem);
    const name = reader.word(null);
    const nodes =
      reader.choice('scope', ['roles', 'cluster']) === 'cluster' ? context.input.nodes : neighboursOf(context);
    const entries = nodes.map((node) => `${node.address} ${node.name}`);
    const { first, last, block } = markedBlock(name, '#', entries);
    return {
      parameters: { name, entries },
      function: 'hosts_entries',
      arguments: [HOSTS_FILE, '', '', '', '', 'present', '', '', first, last, block],
      probes: { paths: [HOSTS_FILE] },
      edits: HOSTS_FILE,
    };
  },
};

/**
 * The node itself, and the nodes that its roles require or read: so that a new node changes the file only where someone
 * needs its name.
 */
function neighboursOf({ input: { node, nodes }, roles }: ResolveContext): readonly NodeView[] {
  const own = node.roles.map((name) => roles.get(name)).filter((role) => role !== undefined);
  const needed = new Set(own.flatMap((role) => [...role.requires, ...role.reads]));
  return bearersOfAny(nodes, { roles: needed, and: own.some(({ name }) => needed.has(name)) ? null : node.name });
}
