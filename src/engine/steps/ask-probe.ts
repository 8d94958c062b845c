import type { CompiledProbe } from '../../cookbook/compile-probe.js';
import type { RoleCommand } from '../../cookbook/cookbook.js';
import { isBdeError } from '../../errors/bde-error.js';
import type { NodeName } from '../../errors/ids.js';
import type { OperationContext } from '../context.js';
import type { CommandResult } from '../ports/nodes.js';

/** The probes of a role by node; nodes whose role has none are left out. */
export type NodeProbes = ReadonlyMap<NodeName, CompiledProbe>;

/** What one poll of a probe found. */
export interface Poll {
  /** Nodes that said yes. */
  readonly ready: readonly NodeName[];
  /** Why the others did not, by node. */
  readonly waiting: ReadonlyMap<NodeName, string>;
  /** Those of them that could not be asked at all. */
  readonly unreached: readonly NodeName[];
}

/** How long a node may take to let a probe in; one that is down must not hold up the answers of the others. */
const PROBE_CONNECT_MS = 5_000;

/** A role's probe, compiled for each of these nodes. */
export async function compileProbes(
  order: { readonly role: string; readonly nodes: readonly NodeName[]; readonly which: RoleCommand },
  { workspace }: OperationContext,
): Promise<NodeProbes> {
  const compiler = await workspace.compiler.atOnce();
  const probes = new Map<NodeName, CompiledProbe>();
  for (const node of order.nodes) {
    const probe = await compiler.probe(node, order.role, order.which);
    if (probe !== null) probes.set(node, probe);
  }
  return probes;
}

/** Asks all nodes once, side by side. A node that cannot be reached is one that does not answer. */
export async function pollNodes(probes: NodeProbes, context: OperationContext): Promise<Poll> {
  const answers = await Promise.all([...probes].map(([node, probe]) => askNode(node, probe, context)));
  const waiting = new Map(answers.filter((each) => each.why !== null).map((each) => [each.node, each.why ?? '']));
  return {
    ready: answers.filter((each) => each.why === null).map((each) => each.node),
    waiting,
    unreached: answers.filter((each) => each.isUnreached === true).map((each) => each.node),
  };
}

/** Who did not answer, for an error that says so. */
export function silentIn({ waiting, unreached }: Poll): Silence {
  return { waiting: [...waiting.keys()], unreached };
}

/** Nodes whose role did not answer, and those of them that could not be asked at all. */
export type Silence = Readonly<Record<'waiting' | 'unreached', readonly NodeName[]>>;

async function askNode(
  node: NodeName,
  probe: CompiledProbe,
  context: OperationContext,
): Promise<{ readonly node: NodeName; readonly why: string | null; readonly isUnreached?: true }> {
  const { links, signal, workspace } = context;
  try {
    const link = await links.to(node, signal, PROBE_CONNECT_MS);
    const result = await link.command(['sh', '-c', probe.text], { timeoutMs: probe.timeoutMs, signal });
    return { node, why: result.exitCode === 0 ? null : workspace.compiler.redactor(node)(describeResult(result)) };
  } catch (error) {
    if (!isBdeError(error, 'CONNECT_FAILED') && !isBdeError(error, 'CONNECT_LOST')) throw error;
    return { node, why: error.message, isUnreached: true };
  }
}

/** The last line of what a probe said, or how it ended. */
export function describeResult(result: CommandResult): string {
  if (result.timedOut) return 'no answer in time';
  if (!hasSaid(result)) return `exit code ${String(result.exitCode)}, and it printed nothing`;
  const lastLine = `${result.stdout}\n${result.stderr}`.trim().split('\n').at(-1) ?? '';
  return lastLine.trim().slice(0, 300);
}

/** Whether a probe printed anything. */
export function hasSaid({ stdout, stderr }: CommandResult): boolean {
  return `${stdout}${stderr}`.trim() !== '';
}
