import type { NodeName } from '../../errors/ids.js';
import { changeAsHolder } from '../change-as-holder.js';
import type { ClusterContext } from '../context.js';

/** Writes down that nodes are in the service of a role, or no longer are. */
export async function recordMembership(
  context: ClusterContext,
  change: { readonly nodes: readonly NodeName[]; readonly role: string; readonly isMember: boolean },
): Promise<void> {
  const { nodes, role, isMember } = change;
  const concerned = new Set(nodes);
  await changeAsHolder(context, async (tables) => {
    for (const record of await tables.nodes.listNodes(context.cluster.id)) {
      if (!concerned.has(record.name) || record.memberOf.includes(role) === isMember) continue;
      const others = record.memberOf.filter((each) => each !== role);
      await tables.nodes.putNode({ ...record, memberOf: isMember ? [...others, role] : others });
    }
  });
}
