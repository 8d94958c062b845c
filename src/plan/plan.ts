import type { Digest, NodeName, StepId } from '../errors/ids.js';
import type { MachineShape } from './desired.js';

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
  /** What becomes of the data disks of the node's machine before; absent where there are none, or the machine is the same. */
  readonly disks?: 'kept' | 'lost';
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

/** Make a node a member of its role's service: run on a ready one of the peers. */
export interface JoinStep extends StepBase {
  readonly kind: 'join';
  readonly node: NodeName;
  readonly role: string;
  readonly peers: readonly NodeName[];
}

/** End a node's membership for good: run on a ready one of the peers, so that it works for a dead member too. */
export interface LeaveStep extends StepBase {
  readonly kind: 'leave';
  readonly node: NodeName;
  readonly role: string;
  readonly peers: readonly NodeName[];
}

/** Take work away from a node for a while. `isLenient`: the node goes for good, and may be dead already. */
export interface DrainStep extends StepBase {
  readonly kind: 'drain';
  readonly node: NodeName;
  readonly role: string;
  readonly isLenient: boolean;
}

/** Give work back to a node. */
export interface UndrainStep extends StepBase {
  readonly kind: 'undrain';
  readonly node: NodeName;
  readonly role: string;
}

/** Clean a role off a node that lives on. */
export interface RemoveStep extends StepBase {
  readonly kind: 'remove';
  readonly node: NodeName;
  readonly role: string;
}

/** Take the data of a role from a ready one of these nodes, rather not from its leader: run recipes there, keep what they wrote. */
export interface BackupStep extends StepBase {
  readonly kind: 'backup';
  readonly role: string;
  readonly nodes: readonly NodeName[];
}

/** Make a backup of what was taken: it counts once all of it is there. */
export interface KeepStep extends StepBase {
  readonly kind: 'keep';
}

/** Put the data of a backup in the place of a node's: bring it there, run recipes. */
export interface RestoreStep extends StepBase {
  readonly kind: 'restore';
  readonly node: NodeName;
  readonly role: string;
}

/** Stop, start or restart the services of a role on a node. `isLenient`: the node goes for good, and may be dead already. */
export interface ServicesStep extends StepBase {
  readonly kind: 'services';
  readonly node: NodeName;
  readonly role: string;
  readonly to: 'stop' | 'start' | 'restart';
  readonly isLenient?: true;
}

/** Shut a machine down. */
export interface PowerStep extends StepBase {
  readonly kind: 'power';
  readonly node: NodeName;
  readonly generation: number;
  readonly machineId: string;
}

/** Give a machine that stays another number of cores and other memory. */
export interface ResizeStep extends StepBase {
  readonly kind: 'resize';
  readonly node: NodeName;
  readonly machineId: string;
  readonly shape: MachineShape;
}

/** Take over a node that runs: raise its epoch, so that nobody else acts there, and learn what is applied. */
export interface AdoptStep extends StepBase {
  readonly kind: 'adopt';
  readonly node: NodeName;
}

/** Forget a node that has left: its name, address and ordinal are free again. */
export interface ForgetStep extends StepBase {
  readonly kind: 'forget';
  readonly node: NodeName;
}

/** What happens to one member of a rolling step, in order. */
export type MemberStep = DrainStep | PackagesStep | ConvergeStep | ServicesStep | UndrainStep;

/**
 * Change the members of a role that is in service, some at a time: the next ones are chosen when their turn comes, only
 * while enough of the role answers, the leader last.
 */
export interface RollStep extends StepBase {
  readonly kind: 'roll';
  readonly role: string;
  /** How many may be down at once. */
  readonly maxUnavailable: number;
  /** How many have to answer at every moment. */
  readonly keep: number;
  /** Every member of the role that should run, and those that are to leave after it: whose answers count. */
  readonly peers: readonly NodeName[];
  readonly members: readonly { readonly node: NodeName; readonly steps: readonly MemberStep[] }[];
}

/**
 * What becomes of a cluster's certificates: some nodes get new ones; another authority is trusted beside the one that signs;
 * it signs from now on; those that signed before are no longer trusted.
 */
export type CertificateAct = 'issue' | 'trust' | 'sign' | 'drop';

/** Make certificates, or change which authorities are trusted; nodes get to know when they converge. */
export interface CertificatesStep extends StepBase {
  readonly kind: 'certificates';
  readonly act: CertificateAct;
  /** Those that get a new one. */
  readonly nodes: readonly NodeName[];
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
  | PrepareStep
  | CertificatesStep
  | JoinStep
  | LeaveStep
  | DrainStep
  | UndrainStep
  | RemoveStep
  | ServicesStep
  | PowerStep
  | ResizeStep
  | ForgetStep
  | AdoptStep
  | BackupStep
  | KeepStep
  | RestoreStep
  | RollStep;

/** What an operation is for. */
export type OperationKind = 'prepare' | 'create' | 'converge' | 'delete' | 'import' | ChangeKind;

/** Operations that change a cluster from one desired state to another, all by one way. */
export type ChangeKind =
  | 'apply'
  | 'resize'
  | 'config'
  | 'stop'
  | 'start'
  | 'restart'
  | 'fix'
  | 'upgrade'
  | 'rollback'
  | 'verify'
  | 'set-secret'
  | 'rotate-secrets'
  | 'rotate-certs'
  | 'backup'
  | 'restore';

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
  const all = flattenSteps(steps);
  const count = (kind: Step['kind']): number => all.filter((step) => step.kind === kind).length;
  return {
    machinesToCreate: all.filter((step) => step.kind === 'machine' && !step.start).length,
    machinesToDestroy: count('destroy'),
    convergeSteps: count('converge') + count('packages'),
  };
}

/** Every step, those of the members of a rolling step in its place behind it. */
export function flattenSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step): readonly Step[] =>
    step.kind === 'roll' ? [step, ...step.members.flatMap((each) => each.steps)] : [step],
  );
}

/** A step id from its parts. */
export function stepId(...parts: readonly string[]): StepId {
  return parts.join('/') as StepId;
}
