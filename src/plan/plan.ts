import type { Digest, NodeName, StepId } from '../errors/ids.js';

/** Version of the written plan. */
export const PLAN_FORMAT_VERSION = 1;

/** What every step has: a stable readable id, the steps that must have ended well before it, and why it is there. */
interface StepBase {
  readonly id: StepId;
  readonly after: readonly StepId[];
  readonly why: string;
}

/** Clone a machine for a node, or start the one that it has, and wait until it answers over a verified connection. */
export interface MachineStep extends StepBase {
  readonly kind: 'machine';
  readonly node: NodeName;
  readonly generation: number;
  /** True where the machine of this generation is there and only off. */
  readonly start: boolean;
}

/** One package transaction of a node; a null digest is `(known after …)`. `force` runs it whatever the recorded digest says. */
export interface PackagesStep extends StepBase {
  readonly kind: 'packages';
  readonly node: NodeName;
  readonly digest: Digest | null;
  readonly force: boolean;
}

/** Run the recipes of a role on a node. `force` runs them whatever the recorded digest says. */
export interface ConvergeStep extends StepBase {
  readonly kind: 'converge';
  readonly node: NodeName;
  readonly role: string;
  readonly digest: Digest | null;
  readonly force: boolean;
}

/** Wait until a role's probe answers in its scope. */
export interface ReadyStep extends StepBase {
  readonly kind: 'ready';
  readonly role: string;
  readonly nodes: readonly NodeName[];
}

/** The acceptance test of a role, run on its first node. */
export interface AcceptStep extends StepBase {
  readonly kind: 'accept';
  readonly role: string;
  readonly node: NodeName;
}

/** Leave the sealed cluster record on these nodes. */
export interface RecordStep extends StepBase {
  readonly kind: 'record';
  readonly nodes: readonly NodeName[];
}

/** Destroy one machine of a node. */
export interface DestroyStep extends StepBase {
  readonly kind: 'destroy';
  readonly node: NodeName;
  readonly generation: number;
  readonly machineId: string;
}

/** Withdraw the cluster from the mirror and, with the last cluster of the home, stop the mirror and remove the network. */
export interface WithdrawStep extends StepBase {
  readonly kind: 'withdraw';
}

/** Make the cluster's pinned package snapshots visible to its nodes. */
export interface PublishStep extends StepBase {
  readonly kind: 'publish';
}

/** Something all clusters of a home share, made once: network, template, trust, a package repo, the mirror's helper. */
export interface PrepareStep extends StepBase {
  readonly kind: 'prepare';
  readonly what: 'network' | 'template' | 'trust' | 'repo' | 'mirror';
  /** The repo's name where `what` is `repo`. */
  readonly subject: string | null;
}

/** One step of a plan. */
export type Step =
  | MachineStep
  | PackagesStep
  | ConvergeStep
  | ReadyStep
  | AcceptStep
  | RecordStep
  | DestroyStep
  | WithdrawStep
  | PublishStep
  | PrepareStep;

/** What an operation is for. */
export type OperationKind = 'prepare' | 'create' | 'converge' | 'delete';

/** A plan is exactly what runs: plain JSON, acyclic, deterministic, steps in an order that respects `after`. */
export interface Plan {
  readonly formatVersion: typeof PLAN_FORMAT_VERSION;
  readonly operation: OperationKind;
  readonly cluster: string;
  /** Fingerprint of what was observed; a saved plan is refused when it has changed. */
  readonly base: Digest;
  readonly steps: readonly Step[];
  readonly summary: PlanSummary;
}

/** Counts for people and for `--detailed-exitcode`. */
export interface PlanSummary {
  readonly machinesToCreate: number;
  readonly machinesToDestroy: number;
  readonly convergeSteps: number;
}

/** Counts the steps that act. */
export function summarizeSteps(steps: readonly Step[]): PlanSummary {
  const count = (kind: Step['kind']): number => steps.filter((step) => step.kind === kind).length;
  return {
    machinesToCreate: steps.filter((step) => step.kind === 'machine' && !step.start).length,
    machinesToDestroy: count('destroy'),
    convergeSteps: count('converge') + count('packages'),
  };
}

/** A step id from its parts. */
export function stepId(...parts: readonly string[]): StepId {
  return parts.join('/') as StepId;
}
