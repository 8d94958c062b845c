import { BdeError } from '../../errors/bde-error.js';
import type { ResolvedCluster, ResolvedNode } from '../../spec/resolved-cluster.js';
import { withBase } from '../desired-state.js';

/** Which part of a cluster a command is about; empty means all of it. */
export interface ConvergeSelection {
  readonly role?: string;
  readonly group?: string;
  readonly node?: string;
}

/** True where the selection's group and node, if any, are this node's. */
export function matchesSelection(
  selection: ConvergeSelection,
  node: { readonly name: string; readonly group: string },
): boolean {
  return (
    (selection.group === undefined || selection.group === node.group) &&
    (selection.node === undefined || selection.node === node.name)
  );
}

/** True where the selection holds the key (a role, or `packages`) of a node; packages go along where no role is named. */
export function selects(selection: ConvergeSelection, node: ResolvedNode, key: string): boolean {
  return matchesSelection(selection, node) && (selection.role === undefined || selection.role === key);
}

/**
 * Refuses names that the cluster does not have, and selections that nothing of it fits.
 *
 * @throws BdeError `UNKNOWN_NODE`, `USAGE`
 */
export function checkSelection(selection: ConvergeSelection, { name, groups, nodes }: ResolvedCluster): void {
  const roles = [...new Set(nodes.flatMap((node) => withBase(node.roles)))].sort();
  const nodeNames = nodes.map((node) => node.name);
  checkName('node', selection.node, { cluster: name, known: nodeNames });
  checkName('group', selection.group, { cluster: name, known: groups.map((group) => group.name) });
  checkName('role', selection.role, { cluster: name, known: roles });
  const { role } = selection;
  const chosen = nodes.filter((node) => matchesSelection(selection, node));
  if (role === undefined || chosen.some((node) => withBase(node.roles).includes(role))) return;
  throw new BdeError('USAGE', `None of the chosen nodes of ${name} has the role ${role}.`, {
    subject: { cluster: name, role },
    hint: `See which node has which role with bde cluster show ${name}.`,
  });
}

function checkName(
  what: 'node' | 'group' | 'role',
  name: string | undefined,
  given: { readonly cluster: string; readonly known: readonly string[] },
): void {
  const { cluster, known } = given;
  if (name === undefined || known.includes(name)) return;
  const code = what === 'node' ? 'UNKNOWN_NODE' : 'USAGE';
  throw new BdeError(
    code,
    `The cluster ${cluster} has no ${what} ${JSON.stringify(name)}; it has ${known.join(', ')}.`,
    {
      subject: { cluster, [what]: name },
      hint: `See them with bde cluster show ${cluster}.`,
    },
  );
}
