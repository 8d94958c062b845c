import type { NodeName } from '../errors/ids.js';
import type { ClusterCompiler } from './cluster-compiler.js';
import { withBase, type KnownFacts } from './desired-state.js';
import type { Workspace } from './workspace.js';

/** Which secrets a role needs on a node. */
export interface SecretUse {
  readonly node: NodeName;
  readonly role: string;
  /** Names, sorted; null where the role still waits for facts, so that nobody can say. */
  readonly secrets: readonly string[] | null;
}

/** What every role of a cluster needs of its secrets on each node, by what its recipes come to there. */
export async function secretUses(workspace: Workspace, facts: KnownFacts): Promise<readonly SecretUse[]> {
  const compiler = await workspace.compiler.atOnce();
  const uses: SecretUse[] = [];
  for (const { name: node, roles } of workspace.resolved.nodes) {
    for (const role of withBase(roles)) {
      const isKnown = facts(workspace.role(role));
      uses.push({ node, role, secrets: isKnown ? await namesOf(compiler, node, role) : null });
    }
  }
  return uses;
}

async function namesOf(compiler: ClusterCompiler, node: NodeName, role: string): Promise<readonly string[]> {
  return (await compiler.converge(node, role)).secrets;
}
