import type { BackupScope } from '../cookbook/types.js';
import type { Digest, NodeName } from '../errors/ids.js';
import type { RoleLinks } from './order-roles.js';

/** The key of a node's one package step, beside role names. */
export const PACKAGES_KEY = 'packages';

/** Whether a node is to run. */
export type WantedPower = 'on' | 'off';

/** What a machine is made with. */
export interface MachineShape {
  readonly size: { readonly cpuCount: number; readonly memoryMiB: number; readonly diskGiB: number };
  readonly swapMiB: number;
  /** Sizes of the data disks, in order. */
  readonly dataDisksGiB: readonly number[];
}

/** A node as it should be. Digests are by key: a role, or `packages`; null where not known yet; absent `packages` means none needed. */
export interface DesiredNode {
  readonly name: NodeName;
  readonly roles: readonly string[];
  readonly digests: Readonly<Record<string, Digest | null>>;
  readonly power: WantedPower;
  readonly shape: MachineShape;
  /** Absent where no run of the node lays a certificate. */
  readonly certificate?: WantedCertificate;
}

/** What a node has to do with certificates. */
export interface WantedCertificate {
  /** Keys whose runs lay the node's certificate, or the authorities that it trusts. */
  readonly keys: readonly string[];
  /** Why the certificate that there is will not do; null where it does. */
  readonly why: string | null;
}

/** How many members of a role may be down at once while it is changed. */
export interface UpdateRule {
  /** A number, or a part of the members in percent (rounded down, at least 1). */
  readonly maxUnavailable: { readonly count: number } | { readonly percent: number };
  /** A majority of the members has to stay. */
  readonly quorum: boolean;
}

/** What a role knows to do beside converging. */
export interface RoleAbilities {
  readonly join: boolean;
  readonly leave: boolean;
  readonly drain: boolean;
  readonly undrain: boolean;
  readonly remove: boolean;
}

/** A role as planning sees it. */
export interface PlannedRole extends RoleLinks {
  /** Other roles whose facts its files may use: its inputs are not known while one of their nodes is still to converge. */
  readonly factsFrom: readonly string[];
  /** All roles whose nodes its files may name, those it requires among them. */
  readonly names: readonly string[];
  readonly hasReadyProbe: boolean;
  /** True where any one node that answers makes the role ready. */
  readonly isAnyEnough: boolean;
  readonly hasAcceptance: boolean;
  readonly update: UpdateRule;
  readonly can: RoleAbilities;
  /** Whose data a backup has to have; null where the role cannot be backed up. */
  readonly data: BackupScope | null;
}

/** What should be. `roles` holds every role that a node bears or bore, as far as the cookbooks have it. */
export interface Desired {
  /** Ordered by group, then index. */
  readonly nodes: readonly DesiredNode[];
  readonly roles: readonly PlannedRole[];
}

/** A machine as the provider listed it; `absent` where only the store knows of it. */
export interface ObservedMachine {
  readonly machineId: string;
  readonly node: NodeName;
  readonly generation: number;
  readonly state: 'absent' | 'partial' | 'off' | 'on';
  /** False for machines that were given up and only wait to be destroyed. */
  readonly current: boolean;
  /** Null where it is not known. */
  readonly shape: MachineShape | null;
  /** Which of its data disks can be read and taken over, by index; absent where the provider hands none over. */
  readonly readableDisks?: readonly number[];
}

/** A place of the cluster as it was recorded, wanted or not. */
export interface ObservedNode {
  readonly name: NodeName;
  readonly roles: readonly string[];
  /** Roles in whose service it has its place. */
  readonly memberOf: readonly string[];
}

/** What is. Applied digests are by node, then key. */
export interface Observed {
  /** Ordered by group, then index. */
  readonly nodes: readonly ObservedNode[];
  readonly machines: readonly ObservedMachine[];
  readonly applied: Readonly<Record<NodeName, Readonly<Record<string, Digest>>>>;
}
