import type { EngineDependencies } from '../context.js';
import { knownFacts } from '../desired-state.js';
import type { ClusterRecord } from '../ports/store.js';
import { secretUses } from '../secret-uses.js';
import type { Workspace } from '../workspace.js';
import type { PlanOrder } from './converge-plan.js';

/** What a plan has to know where secrets change: whose inputs change by that, and that the record, which holds them, does. */
export async function secretOptions(
  changed: readonly string[],
  given: { readonly cluster: ClusterRecord; readonly deps: EngineDependencies; readonly workspace: Workspace },
): Promise<Pick<PlanOrder, 'reasonOf' | 'isRecordOutdated'>> {
  const { cluster, deps, workspace } = given;
  const uses = await secretUses(workspace, await knownFacts(deps, cluster, workspace));
  const reasons = new Map(
    uses.map(({ node, role, secrets }) => {
      const names = changed.filter((name) => secrets?.includes(name));
      return [`${node}/${role}`, reasonText(names)];
    }),
  );
  return { reasonOf: (node, key) => reasons.get(`${node}/${key}`) ?? null, isRecordOutdated: true };
}

function reasonText(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  return names.length === 1 ? `the secret ${names.join('')} changes` : `the secrets ${names.join(', ')} change`;
}
