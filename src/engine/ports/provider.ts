import type { ClusterId, Digest, MachineId, NodeName } from '../../errors/ids.js';
import type { Secret } from '../../errors/secret.js';
import type { Guard } from './guard.js';
import type { NodeTarget } from './nodes.js';

/** How a machine comes to be: a copy, a delta over the template, or a fork of a running parent. */
export type CloneKind = 'full' | 'linked' | 'instant';

/** What a provider is and can do; plain data, the same for its whole life. */
export interface ProviderDescription {
  readonly name: string;
  /** Supported clone kinds, best first; empty: machines are leased as they are, never cloned. */
  readonly cloneKinds: readonly CloneKind[];
  /** False: nobody can turn machines on or off here, and `power` is an error. Absent: it can. */
  readonly canPower?: false;
  /** What `destroy` leaves on a machine that outlives it, for people; absent: nothing, for the machine is gone. */
  readonly leaves?: string;
  /** `reserved`: what is given is gone for others. `capped`: a limit, may be overcommitted. */
  readonly cpu: 'reserved' | 'capped';
  readonly memory: 'reserved' | 'capped';
  readonly disk: 'reserved' | 'capped';
  /** What SMALL, MEDIUM, LARGE, EXTRA_LARGE mean here. */
  readonly sizes: Readonly<Record<string, MachineSize>>;
}

/** Units are in the names. */
export interface MachineSize {
  readonly cpuCount: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
}

/** One host that carries machines, with what is there and what is free. */
export interface HostInventory {
  readonly name: string;
  readonly rack?: string;
  readonly cpuCount: number;
  readonly memoryMiB: number;
  readonly memoryFreeMiB: number;
  readonly diskFreeMiB: number;
  /** The host itself is the machine: it carries one node, which gets this address. */
  readonly address?: string;
  /** Why nothing can be put on it now: it is taken, or does not answer. */
  readonly closed?: string;
}

/** A network that machines can be put on. */
export interface NetworkInventory {
  readonly name: string;
  /** `10.77.3.0/24` */
  readonly cidr: string;
  /** The controller's and mirror's own address in it. */
  readonly hostAddress: string;
  /** First and last address that nodes may get, inclusive. */
  readonly range: readonly [string, string];
  /** Addresses in the range that answered just now and belong to no machine of ours. */
  readonly foreignAddresses: readonly string[];
}

/** What a provider has, read without changing anything. */
export interface Inventory {
  readonly hosts: readonly HostInventory[];
  readonly networks: readonly NetworkInventory[];
  /** What the host lacks to make machines at all, each with the way to get it. Empty means ready. */
  readonly missing: readonly { readonly what: string; readonly hint: string }[];
}

/** What a template is made from; its digest names the template. */
export interface TemplateRecipe {
  readonly name: string;
  readonly formatVersion: 1;
}

/** A machine template that is there and can be cloned. */
export interface Template {
  readonly name: string;
  readonly digest: Digest;
  readonly sizeMiB: number;
  readonly createdAt: number;
}

/** What a machine is told at its first boot (and when an instant clone wakes). It carries a private key. */
export interface GuestData {
  readonly formatVersion: 1;
  readonly machineId: MachineId;
  readonly hostName: string;
  readonly networks: readonly { readonly address: string; readonly prefixLength: number }[];
  readonly hostKey: { readonly privateOpenSsh: Secret; readonly publicOpenSsh: string };
  /** Lines of root's authorized_keys, options included. */
  readonly authorizedKeys: readonly string[];
  /** PEM. */
  readonly caCertificates: readonly string[];
  /** Armoured public keys that packages may be signed with, by file name below `/etc/pki/rpm-gpg/`. */
  readonly packageKeys: Readonly<Record<string, string>>;
  readonly entropySeed: Secret;
}

/** What a machine says about whose it is; readable while the machine is off, and when `$BDE_HOME` is gone. */
export interface MachineMark {
  readonly formatVersion: 1;
  readonly machineId: MachineId;
  readonly clusterId: ClusterId;
  readonly clusterName: string;
  readonly nodeName: NodeName;
  readonly generation: number;
  readonly epoch: number;
}

/** A machine to make. The mark's machine id is the idempotency key. */
export interface CreateMachine {
  readonly mark: MachineMark;
  readonly template: Digest;
  /** Null: the provider clones nothing. */
  readonly cloneKind: CloneKind | null;
  readonly size: MachineSize;
  readonly swapMiB: number;
  /** Sizes of the data disks, in order. */
  readonly dataDisksGiB: readonly number[];
  /**
   * Earlier machines of the node, off by now, whose data disks this one takes over, the first that has a disk before the
   * next; empty: its disks are new. Only where the provider has `disks`.
   */
  readonly disksFrom: readonly MachineId[];
  readonly guestData: GuestData;
}

/** `partial`: a creation began and did not end; `create` with the same mark completes it, `destroy` removes it. */
export type MachineState = 'partial' | 'off' | 'on';

/** A machine that the provider lists. */
export interface MachineListing {
  readonly mark: MachineMark;
  readonly state: MachineState;
  readonly addresses: readonly string[];
  readonly host: string;
}

/** How to log in to a machine: the parts of a target that are neither the node's nor the cluster's. */
export type MachineLogIn = Pick<NodeTarget, 'address' | 'port' | 'user' | 'hostKey' | 'knownFrom' | 'sudo' | 'jumps'>;

/** Makes and unmakes machines. Every method is idempotent by machine id, may be called twice, and survives a kill in the middle. */
export interface Provider {
  /** Constant; no I/O. */
  describe(): ProviderDescription;

  /** Hosts, networks and what is missing. Changes nothing. */
  inventory(): Promise<Inventory>;

  /**
   * Builds the template or finds it; the digest depends on the recipe's content only.
   *
   * @throws BdeError `TEMPLATE_FAILED`
   */
  ensureTemplate(recipe: TemplateRecipe, guard: Guard, onProgress: (line: string) => void): Promise<Template>;

  /**
   * Clones, marks, hands over the guest data and powers on; ends when the machine runs, not when ssh answers.
   * Repeated with the same machine id it adopts or completes what is there and makes no second machine.
   *
   * @throws BdeError `PROVIDER_FAILED`, also where a disk that is to be taken over is in use or nowhere
   */
  create(request: CreateMachine, guard: Guard): Promise<MachineListing>;

  /**
   * `off` asks the guest to shut down and ends when it is off (hard after `graceMs`); `kill` does not ask. Unknown machine,
   * or a provider that cannot power: error.
   */
  power(machineId: MachineId, to: 'on' | 'off' | 'kill', guard: Guard): Promise<void>;

  /** Removes the machine and all that was made for it; unknown machine: done. */
  destroy(machineId: MachineId, guard: Guard): Promise<void>;

  /** All machines of this home, or those of one cluster, `partial` ones included, ordered by node name, then generation. */
  list(clusterId?: ClusterId): Promise<readonly MachineListing[]>;
}

/** Templates can be listed and removed. */
export interface TemplateStore {
  listTemplates(): Promise<readonly Template[]>;
  /** Refused with `PROVIDER_FAILED` while a machine stands on it. */
  deleteTemplate(digest: Digest, guard: Guard): Promise<void>;
}

/** The provider makes the network itself (a bridge of our own). */
export interface OwnNetwork {
  /** Makes or finds the network. Idempotent. */
  ensureNetwork(guard: Guard): Promise<NetworkInventory>;
  /** Removes the network when no machine is on it; done when it is not there. */
  removeNetwork(guard: Guard): Promise<void>;
}

/** Runs a command in a throw-away copy of a template: for solving package closures as the nodes would. */
export interface TemplateShell {
  /** `binds` are host folders shown read-only at the same path. No network. */
  runInTemplate(
    template: Digest,
    argv: readonly string[],
    options: { readonly binds: readonly string[]; readonly signal?: AbortSignal },
  ): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
}

/** A last look at what a machine printed, for errors. */
export interface ConsoleText {
  /** The last lines of the console, oldest first; empty when there is none. */
  consoleText(machineId: MachineId, lines: number): Promise<string>;
}

/** Finds and removes what belongs to this home but to no machine: mounts, links, cgroups, folders. */
export interface Orphans {
  /** One line per orphan, readable; empty when clean. */
  listOrphans(): Promise<readonly string[]>;
  removeOrphans(guard: Guard): Promise<void>;
}

/** Something that a machine left, for people who have to remove it by hand. */
export interface MachineTrace {
  /** `folder /var/lib/… on host-a` */
  readonly where: string;
  /** A command, or what to do. */
  readonly how: string;
}

/** Says what there is of machines, also of those that are not listed. */
export interface MachineTraces {
  /** For each machine; empty where nothing is left. Changes nothing; what cannot be asked now counts as left. */
  tracesOf(machineIds: readonly MachineId[]): Promise<ReadonlyMap<MachineId, readonly MachineTrace[]>>;
}

/** Machines are got in to in a way of their own: not as root at port 22 by a host key that bde made. */
export interface MachineAccess {
  /**
   * How the machine at this address is logged in to with the cluster's key. Reads files of this host; reaches no machine.
   *
   * @throws BdeError `HOST_KEY_UNKNOWN`, `SSH_CONFIG_INVALID`, `PROVIDER_FAILED` for an address that it does not know
   */
  accessTo(address: string): Promise<MachineLogIn>;

  /**
   * How the operator's own keys log in there, with no cluster in it.
   *
   * @throws BdeError those of `accessTo`
   */
  operatorAt(address: string): Promise<NodeTarget>;
}

/** Cores and memory of a machine can be changed while it stays, on or off. */
export interface MachineResizer {
  /**
   * Gives the machine this many cores, this memory and this swap; its disks stay. Idempotent.
   *
   * @throws BdeError `PROVIDER_FAILED` for an unknown machine, or where more is in use than it is to have
   */
  resize(machineId: MachineId, shape: MachineCapacity, guard: Guard): Promise<void>;
}

/** Data disks outlive their machine: the next one of the node can take them over (`disksFrom`). */
export interface DataDisks {
  /**
   * Which data disks of each machine can be read, by index; also of machines that are not listed any more. Reads only: a
   * disk of a machine that runs can be taken over once it is off.
   */
  readable(machineIds: readonly MachineId[]): Promise<ReadonlyMap<MachineId, readonly number[]>>;
}

/** What can be changed of a machine that stays. */
export interface MachineCapacity {
  readonly size: Pick<MachineSize, 'cpuCount' | 'memoryMiB'>;
  readonly swapMiB: number;
}

/** A provider with its optional abilities; absent means the provider cannot do it. */
export interface ProviderWithAbilities {
  readonly provider: Provider;
  readonly templates?: TemplateStore;
  readonly network?: OwnNetwork;
  readonly templateShell?: TemplateShell;
  readonly console?: ConsoleText;
  readonly orphans?: Orphans;
  readonly access?: MachineAccess;
  readonly resizer?: MachineResizer;
  readonly disks?: DataDisks;
  readonly traces?: MachineTraces;
}
