import type { Guard } from '../../../../src/engine/ports/guard.js';
import type { CommandResult, NodeLink, Nodes, NodeTarget, RunRequest } from '../../../../src/engine/ports/nodes.js';
import type { ProviderWithAbilities } from '../../../../src/engine/ports/provider.js';
import { BdeError } from '../../../../src/errors/bde-error.js';
import type { MachineId } from '../../../../src/errors/ids.js';
import { createMemoryMirror } from '../../../fakes/memory-mirror.js';
import { createMemoryNodes } from '../../../fakes/memory-nodes.js';
import {
  changeMemoryWorld,
  createMemoryProvider,
  readMemoryWorld,
  type MemoryMachine,
} from '../../../fakes/memory-provider.js';
import { heldStorage, type WorldStorage } from '../../../fakes/world-storage.js';
import { FLEET_REPOS } from './fleet.js';

/** What runs on one machine. A service that is there comes up with its machine. */
interface Services {
  readonly store: 'absent' | 'up' | 'down';
  readonly worker: 'absent' | 'up' | 'down';
  /** It answers, and its service does not do its work, until that is started anew. */
  readonly isIll: boolean;
  /** It runs, and nobody gets in. */
  readonly isSilent: boolean;
}

const NOTHING: Services = { store: 'absent', worker: 'absent', isIll: false, isSilent: false };

/** What can happen to a machine without bde. */
export type Fate = 'gone' | 'off' | 'silent' | 'ill';

/**
 * Machines with a service that decides by majority, and one that requires it. Whatever bde does to a machine goes through
 * here, and is looked at: a majority that serves before must serve after it.
 */
export class FleetWorld {
  readonly storage: WorldStorage = heldStorage();
  readonly provider: ProviderWithAbilities;
  readonly nodes: Nodes;
  readonly mirror = createMemoryMirror({ storage: this.storage });
  /** What must not have happened. */
  readonly violations: string[] = [];
  /** Whether the role was ever in service, as far as bde knows: who runs the recipes before founds the service. */
  isFounded: () => Promise<boolean> = () => Promise.resolve(false);
  /** Whether a node is to stay, with what is on its disks. */
  isWanted: (node: string) => Promise<boolean> = () => Promise.resolve(false);
  /** Whether a majority may be lost now: it was asked for. */
  mayBreak = false;
  readonly #services = new Map<string, Services>();
  /** The product's own member list: by node, the machine that has its data. */
  readonly #members = new Map<string, string>();
  /** Disks that the service has written to. */
  readonly #written = new Set<string>();

  constructor() {
    this.storage.write('repos.json', FLEET_REPOS);
    this.provider = this.#watchProvider(createMemoryProvider({ storage: this.storage }));
    this.nodes = this.#watchNodes(createMemoryNodes({ storage: this.storage }));
  }

  get machines(): readonly MemoryMachine[] {
    return Object.values(readMemoryWorld(this.storage).machines);
  }

  /** Whether the service has a majority of its members, or nobody ever founded it. */
  get hasMajority(): boolean {
    const serving = [...this.#members.values()].filter((id) => this.#serves(id)).length;
    return this.#members.size === 0 || serving * 2 > this.#members.size;
  }

  /** Machines that are not as bde left them, by what is wrong. */
  get damaged(): readonly string[] {
    return this.machines.flatMap(({ mark, state }) => {
      const { isIll, isSilent } = this.#of(mark.machineId);
      return isIll || isSilent || state !== 'on' ? [mark.nodeName] : [];
    });
  }

  /** Something befalls the machine of a node that is on. */
  befall(node: string, fate: Fate): void {
    const machine = this.machines.find(({ mark, state }) => mark.nodeName === node && state === 'on');
    if (machine === undefined) return;
    const { machineId } = machine.mark;
    if (fate === 'ill') this.#set(machineId, { isIll: true });
    else if (fate === 'silent') this.#set(machineId, { isSilent: true });
    else
      changeMemoryWorld(this.storage, ({ machines, ...rest }) => {
        const { [machineId]: struck, ...others } = machines;
        const left =
          fate === 'gone' || struck === undefined ? {} : { [machineId]: { ...struck, state: 'off' as const } };
        return { ...rest, machines: { ...others, ...left } };
      });
  }

  #of(machineId: string): Services {
    return this.#services.get(machineId) ?? NOTHING;
  }

  #set(machineId: string, change: Partial<Services>): void {
    this.#services.set(machineId, { ...this.#of(machineId), ...change });
  }

  #serves(machineId: string): boolean {
    const { store, isIll } = this.#of(machineId);
    return store === 'up' && !isIll && this.#isOn(machineId);
  }

  #isOn(machineId: string): boolean {
    return readMemoryWorld(this.storage).machines[machineId]?.state === 'on';
  }

  /** One or two members cannot do without either of them. */
  #look(what: string, hadMajority: boolean): void {
    if (!hadMajority || this.hasMajority || this.mayBreak || this.#members.size <= 2) return;
    const members = [...this.#members].map(([node, id]) => `${node} ${this.#serves(id) ? 'serves' : 'does not'}`);
    this.violations.push(`the majority is lost by ${what}: ${members.join(', ')}`);
  }

  #watchProvider(whole: ProviderWithAbilities): ProviderWithAbilities {
    const { provider } = whole;
    const change = async <Result>(what: string, work: () => Promise<Result>): Promise<Result> => {
      const had = this.hasMajority;
      try {
        return await work();
      } finally {
        this.#look(what, had);
      }
    };
    return {
      ...whole,
      provider: {
        ...provider,
        create: (request, guard) => {
          const { machineId, nodeName } = request.mark;
          return change(`create of ${nodeName}`, async () => {
            const wasOn = this.#isOn(machineId);
            const made = await provider.create(request, guard);
            if (!wasOn) this.#boot(machineId);
            this.#refuseTwins(nodeName);
            return made;
          });
        },
        power: (machineId, to, guard) =>
          change(`power ${to} of ${machineId}`, () => provider.power(machineId, to, guard)),
        destroy: (machineId: MachineId, guard: Guard) =>
          change(`destroy of ${machineId}`, async () => {
            await this.#refuseLostData(machineId);
            return provider.destroy(machineId, guard);
          }),
      },
    };
  }

  #boot(machineId: string): void {
    const { store, worker } = this.#of(machineId);
    this.#set(machineId, {
      store: store === 'absent' ? store : 'up',
      worker: worker === 'absent' ? worker : 'up',
      isIll: false,
      isSilent: false,
    });
  }

  #refuseTwins(node: string): void {
    const on = this.machines.filter(({ mark, state }) => mark.nodeName === node && state === 'on');
    if (on.length > 1) this.violations.push(`${String(on.length)} machines of ${node} are on at once`);
  }

  /** A node that stays keeps its data, on whatever machine. */
  async #refuseLostData(machineId: MachineId): Promise<void> {
    const machine = readMemoryWorld(this.storage).machines[machineId];
    const data = Object.values(machine?.disks ?? {}).filter((disk) => this.#written.has(disk));
    if (machine === undefined || data.length === 0 || !(await this.isWanted(machine.mark.nodeName))) return;
    this.violations.push(`the data of ${machine.mark.nodeName} is destroyed with the machine ${machineId}`);
  }

  #watchNodes(nodes: Nodes): Nodes {
    return {
      ...nodes,
      readForced: async (target, options) => {
        const machine = this.machines.find(({ addresses }) => addresses.includes(target.address));
        if (machine !== undefined) this.#refuseSilent({ ...machine.mark, name: target.name }, 'CONNECT_FAILED');
        return nodes.readForced(target, options);
      },
      connect: async (target, options) => {
        this.#refuseSilent(target, 'CONNECT_FAILED');
        return this.#watchLink(target, await nodes.connect(target, options));
      },
    };
  }

  #refuseSilent(
    { machineId, name }: Pick<NodeTarget, 'machineId'> & { readonly name: string },
    code: 'CONNECT_FAILED' | 'CONNECT_LOST',
  ): void {
    if (!this.#of(machineId).isSilent) return;
    throw new BdeError(code, `${name} does not answer`, { subject: { node: name } });
  }

  #watchLink(target: NodeTarget, link: NodeLink): NodeLink {
    const meet = (): void => this.#refuseSilent(target, 'CONNECT_LOST');
    return {
      ...link,
      hello: async () => {
        meet();
        return link.hello();
      },
      fence: async (epoch, adopt) => {
        meet();
        return link.fence(epoch, adopt);
      },
      lookUp: async (runId) => {
        meet();
        return link.lookUp(runId);
      },
      attach: async (runId, onLine, signal) => {
        meet();
        return link.attach(runId, onLine, signal);
      },
      run: async (request, onLine, signal) => {
        meet();
        if (request.mode === 'apply') await this.#goDown(target, request);
        const end = await link.run(request, onLine, signal);
        const ended = end.state === 'exited' && end.exitCode === 0;
        if (request.mode === 'apply' && ended) await this.#comeUp(target, request.key);
        return end;
      },
      command: async (argv, options) => {
        meet();
        const result = await link.command(argv, options);
        return { ...result, ...this.#answer(target, argv.join(' ')) };
      },
    };
  }

  /** Other files restart a service. */
  async #goDown(target: NodeTarget, { key, digest }: Pick<RunRequest, 'key' | 'digest'>): Promise<void> {
    const { machineId, name } = target;
    const applied = this.storage.readText(`nodes/${machineId}/applied/${key}`);
    if (key !== 'store' || applied === undefined || digest === null || applied === digest) return;
    const had = this.hasMajority;
    this.#set(machineId, { store: 'down' });
    this.#look(`a run on ${name}`, had);
    // Others see it down for a while.
    await new Promise((resolve) => setImmediate(resolve));
  }

  async #comeUp({ machineId, name }: NodeTarget, key: string): Promise<void> {
    if (key === 'worker') this.#set(machineId, { worker: 'up', isIll: false });
    if (key !== 'store') return;
    this.#set(machineId, { store: 'up', isIll: false });
    const disks = readMemoryWorld(this.storage).machines[machineId]?.disks ?? {};
    for (const disk of Object.values(disks)) this.#written.add(disk);
    const member = this.#members.get(name);
    if (!(await this.isFounded())) {
      for (const [node, id] of this.#members) if (!this.#isOn(id)) this.#members.delete(node);
      this.#members.set(name, machineId);
    } else if (member !== undefined && member !== machineId)
      this.violations.push(`${name} counts as a member with a machine that has none of its data`);
  }

  #answer({ machineId, name }: NodeTarget, line: string): Partial<CommandResult> {
    const { worker, isIll } = this.#of(machineId);
    const say = (isYes: boolean): Partial<CommandResult> => ({ exitCode: isYes ? 0 : 1 });
    if (line.includes('probe-worker')) return say(worker === 'up' && !isIll);
    if (line.includes('probe-store') || line.includes('accept-store'))
      return say(this.#serves(machineId) && this.hasMajority);
    if (line.includes('leads-store')) return say(this.#leader() === machineId);
    if (line.includes('let-in') || line.includes('let-out')) return say(this.#change(machineId, line));
    if (line.startsWith('systemctl')) this.#control(machineId, name, line);
    return {};
  }

  #leader(): string | undefined {
    return [...this.#members].sort(([one], [other]) => (one < other ? -1 : 1)).find(([, id]) => this.#serves(id))?.[1];
  }

  /** A member list is changed by a majority, at the request of one who serves. */
  #change(peer: string, line: string): boolean {
    const member = /member_name='?([\w-]+)'?/.exec(line)?.[1] ?? '';
    if (!this.#serves(peer) || !this.hasMajority) return false;
    if (line.includes('let-out')) {
      this.#members.delete(member);
      this.#look(`the leave of ${member}`, true);
      return true;
    }
    const machine = this.machines.find(({ mark, state }) => mark.nodeName === member && state === 'on');
    if (machine === undefined || this.#of(machine.mark.machineId).store !== 'up') return false;
    const { machineId } = machine.mark;
    const known = this.#members.get(member);
    if (known !== undefined && known !== machineId)
      this.violations.push(`${member} joins with a machine while the list has another one of it`);
    this.#members.set(member, machineId);
    this.#look(`the join of ${member}`, true);
    return true;
  }

  #control(machineId: string, name: string, line: string): void {
    const [, verb, , ...units] = line.split(' ');
    const had = this.hasMajority;
    for (const unit of units) if (unit === 'store' || unit === 'worker') this.#set(machineId, { [unit]: 'down' });
    this.#look(`systemctl ${String(verb)} on ${name}`, had);
    if (verb === 'restart' || verb === 'start') {
      for (const unit of units)
        if (unit === 'store' || unit === 'worker') this.#set(machineId, { [unit]: 'up', isIll: false });
    }
  }
}
