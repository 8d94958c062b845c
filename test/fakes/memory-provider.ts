import { createHash } from 'node:crypto';
import type { Guard } from '../../src/engine/ports/guard.js';
import type {
  CreateMachine,
  Inventory,
  MachineListing,
  MachineMark,
  MachineState,
  NetworkInventory,
  Provider,
  ProviderDescription,
  ProviderWithAbilities,
  Template,
} from '../../src/engine/ports/provider.js';
import { BdeError } from '../../src/errors/bde-error.js';
import type { Digest, MachineId, NodeName } from '../../src/errors/ids.js';
import { openStorage, storageOf, type WorldPlace, type WorldStorage } from './world-storage.js';

/** `dir/machines.json`: the whole world of the fake provider. */
export interface MemoryWorld {
  readonly machines: Readonly<Record<string, MemoryMachine>>;
  readonly templates: readonly Template[];
  readonly hasNetwork: boolean;
}

export interface MemoryMachine {
  readonly mark: MachineMark;
  readonly state: MachineState;
  readonly addresses: readonly string[];
  readonly hostKeyPublic: string;
  /** What it was made with, or resized to. */
  readonly size?: { readonly cpuCount: number; readonly memoryMiB: number };
  /** By index: the machine that the disk was made for. */
  readonly disks?: Readonly<Record<string, string>>;
}

/** A failure that is to happen: `dir/failures.json` holds a list of them, used up from the front. */
export interface PlannedFailure {
  readonly method: 'create' | 'power' | 'destroy' | 'resize' | 'list' | 'network';
  /** Regular expression over node names; `-` stands for none. */
  readonly node: string;
  /** How often; once by default. */
  readonly times?: number;
  /** A failed creation leaves nothing by default. */
  readonly leaves?: 'nothing' | 'partial';
}

const NETWORK: NetworkInventory = {
  name: 'memory0',
  cidr: '10.64.0.0/22',
  hostAddress: '10.64.0.1',
  range: ['10.64.0.10', '10.64.3.250'],
  foreignAddresses: [],
};

const HOST = { name: 'memory', cpuCount: 64, memoryMiB: 262_144, memoryFreeMiB: 262_144, diskFreeMiB: 10_485_760 };

const NO_NODE = { nodeName: '-' as NodeName };

const DESCRIPTION: ProviderDescription = {
  name: 'memory',
  cloneKinds: ['linked'],
  cpu: 'capped',
  memory: 'capped',
  disk: 'capped',
  sizes: {
    SMALL: { cpuCount: 1, memoryMiB: 1024, diskGiB: 10 },
    MEDIUM: { cpuCount: 2, memoryMiB: 1536, diskGiB: 20 },
    LARGE: { cpuCount: 2, memoryMiB: 3072, diskGiB: 40 },
    EXTRA_LARGE: { cpuCount: 4, memoryMiB: 6144, diskGiB: 80 },
  },
};

/**
 * Machines that are entries of a file. It is replaced atomically under a lock that dies with its process, so controllers
 * in several processes may share a folder, and SIGKILL of any of them loses nothing. `inventory` overrides what is there.
 */
export function createMemoryProvider({
  inventory = {},
  ...place
}: WorldPlace & { readonly inventory?: Partial<Inventory> }): ProviderWithAbilities {
  const world = memoryWorld(storageOf(place));
  const found = (): Inventory => ({ hosts: [HOST], networks: [NETWORK], missing: [], ...inventory });
  return {
    provider: memoryProvider(world, found),
    templates: {
      listTemplates: () => world.read(({ templates }) => templates),
      async deleteTemplate(digest, guard) {
        const { machines } = await world.read((state) => state);
        const users = Object.values(machines).length;
        if (users > 0) throw failed(`template ${digest} carries ${users} machines`);
        await guard();
        await world.change((state) => ({
          ...state,
          templates: state.templates.filter((template) => template.digest !== digest),
        }));
      },
    },
    network: {
      async ensureNetwork(guard) {
        await guard();
        await world.change((state) => ({ ...state, hasNetwork: true }));
        return found().networks[0] ?? NETWORK;
      },
      async removeNetwork(guard) {
        world.failIfPlanned('network', NO_NODE);
        await guard();
        await world.change((state) => ({ ...state, hasNetwork: Object.keys(state.machines).length > 0 }));
      },
    },
    resizer: {
      async resize(machineId, { size }, guard) {
        const machine = await world.read((state) => machineOf(state, machineId));
        world.failIfPlanned('resize', machine.mark);
        await guard();
        const { cpuCount, memoryMiB } = size;
        await world.change((state) => withMachine(state, machineId, { size: { cpuCount, memoryMiB } }));
      },
    },
    disks: {
      readable: (machineIds) =>
        world.read(({ machines }) => new Map(machineIds.map((id) => [id, diskIndexes(machines[id])]))),
    },
    traces: {
      tracesOf: (machineIds) =>
        world.read(({ machines }) => {
          const traces = (id: string) => [{ where: `entry ${id}`, how: `remove ${id}` }];
          return new Map(machineIds.map((id) => [id, machines[id] === undefined ? [] : traces(id)]));
        }),
    },
    console: { consoleText: (machineId) => Promise.resolve(`console of ${machineId}`) },
  };
}

/** Makes the next calls for nodes of that name fail, in whatever process they are made. */
export async function failNext(world: string | WorldStorage, failure: PlannedFailure): Promise<void> {
  await memoryWorld(openStorage(world)).planFailure(failure);
}

/** What there is now; empty when nothing ever was. */
export function readMemoryWorld(world: string | WorldStorage): MemoryWorld {
  return openStorage(world).read<MemoryWorld>('machines.json', NO_WORLD);
}

/** Changes what there is, as something outside of bde would. */
export function changeMemoryWorld(storage: WorldStorage, edit: (world: MemoryWorld) => MemoryWorld): void {
  storage.write('machines.json', edit(readMemoryWorld(storage)));
}

const NO_WORLD: MemoryWorld = { machines: {}, templates: [], hasNetwork: false };

function memoryProvider(world: World, inventory: () => Inventory): Provider {
  return {
    describe: () => DESCRIPTION,
    inventory: () => Promise.resolve(inventory()),

    async ensureTemplate(recipe, guard, onProgress) {
      const digest = createHash('sha256').update(JSON.stringify(recipe)).digest('hex') as Digest;
      const template: Template = { name: recipe.name, digest, sizeMiB: 1, createdAt: 1_700_000_000_000 };
      if (await world.read(({ templates }) => templates.some((known) => known.digest === digest))) return template;
      onProgress(`building ${recipe.name}`);
      await guard();
      await world.change((state) => ({ ...state, templates: [...state.templates, template] }));
      return template;
    },

    async create(request, guard) {
      const { mark } = request;
      await createPartial(world, request, guard);
      await giveDisks(world, request, guard);
      await guard();
      await world.change((state) => withMachine(state, mark.machineId, { state: 'on' }));
      return world.read((state) => listing(machineOf(state, mark.machineId)));
    },

    async power(machineId, to, guard) {
      const machine = await world.read((state) => machineOf(state, machineId));
      world.failIfPlanned('power', machine.mark);
      await guard();
      await world.change((state) => withMachine(state, machineId, { state: to === 'on' ? 'on' : 'off' }));
    },

    async destroy(machineId, guard) {
      const machine = await world.read(({ machines }) => machines[machineId]);
      if (!machine) return;
      world.failIfPlanned('destroy', machine.mark);
      await guard();
      await world.change((state) => withMachine(state, machineId, { state: 'partial' }));
      await guard();
      await world.change(({ machines: { [machineId]: _, ...rest }, ...state }) => ({ ...state, machines: rest }));
    },

    async list(clusterId) {
      world.failIfPlanned('list', NO_NODE);
      const { machines } = await world.read((state) => state);
      return Object.values(machines)
        .filter(({ mark }) => clusterId === undefined || mark.clusterId === clusterId)
        .map(listing)
        .sort((a, b) => compare(a.mark.nodeName, b.mark.nodeName) || a.mark.generation - b.mark.generation);
    },
  };
}

/** The first half of a creation; what a complete machine of that id is stays as it is. */
async function createPartial(world: World, request: CreateMachine, guard: Guard): Promise<void> {
  const { mark, guestData } = request;
  const { machines, templates } = await world.read((state) => state);
  const found = machines[mark.machineId];
  if (found && found.state !== 'partial') return;
  if (!templates.some((template) => template.digest === request.template)) {
    throw failed(`template ${request.template} is not there`);
  }
  const planned = world.plannedFailure('create', mark);
  if (planned?.leaves === 'partial' || !planned) {
    await guard();
    await world.change((state) =>
      withMachine(state, mark.machineId, {
        mark,
        state: 'partial',
        addresses: guestData.networks.map((network) => network.address),
        hostKeyPublic: guestData.hostKey.publicOpenSsh,
        size: { cpuCount: request.size.cpuCount, memoryMiB: request.size.memoryMiB },
      }),
    );
  }
  if (planned) throw failed(`machine ${mark.machineId} of ${mark.nodeName} did not come to be, as a test asked for`);
}

/** One after another: a kill in between leaves some of the disks there, and some here. */
async function giveDisks(world: World, request: CreateMachine, guard: Guard): Promise<void> {
  for (const index of request.dataDisksGiB.keys()) await giveDisk(world, { request, index }, guard);
}

async function giveDisk(
  world: World,
  { request, index }: { readonly request: CreateMachine; readonly index: number },
  guard: Guard,
): Promise<void> {
  const { machineId } = request.mark;
  const { machines } = await world.read((state) => state);
  if (machines[machineId]?.disks?.[index] !== undefined) return;
  const owner = request.disksFrom.find((id) => machines[id]?.disks?.[index] !== undefined);
  if (owner === undefined && request.disksFrom.length > 0) throw failed(`disk ${String(index)} is on no machine`);
  if (owner !== undefined && machines[owner]?.state === 'on') throw failed(`machine ${owner} still runs`);
  const content = (owner === undefined ? undefined : machines[owner]?.disks?.[index]) ?? machineId;
  await guard();
  await world.change((state) => {
    const own = { ...state.machines[machineId]?.disks, [index]: content };
    const next = withMachine(state, machineId, { disks: own });
    if (owner === undefined) return next;
    const { [index]: _moved, ...rest } = state.machines[owner]?.disks ?? {};
    return withMachine(next, owner, { disks: rest });
  });
}

function diskIndexes(machine: MemoryMachine | undefined): readonly number[] {
  return Object.keys(machine?.disks ?? {}).map(Number);
}

function withMachine(world: MemoryWorld, machineId: MachineId, change: Partial<MemoryMachine>): MemoryWorld {
  const machine = { ...world.machines[machineId], ...change } as MemoryMachine;
  return { ...world, machines: { ...world.machines, [machineId]: machine } };
}

function machineOf(world: MemoryWorld, machineId: MachineId): MemoryMachine {
  const machine = world.machines[machineId];
  if (!machine) throw failed(`machine ${machineId} is not known to the memory provider`);
  return machine;
}

function listing({ mark, state, addresses }: MemoryMachine): MachineListing {
  return { mark, state, addresses, host: HOST.name };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function failed(message: string): BdeError {
  return new BdeError('PROVIDER_FAILED', message);
}

type World = ReturnType<typeof memoryWorld>;

/** The file, its lock, and the failures that tests planned. */
function memoryWorld(storage: WorldStorage) {
  const readFailures = (): readonly PlannedFailure[] => storage.read<readonly PlannedFailure[]>('failures.json', []);

  const plannedFailure = (
    method: PlannedFailure['method'],
    { nodeName }: Pick<MachineMark, 'nodeName'>,
  ): PlannedFailure | undefined => {
    const failures = readFailures();
    const due = failures.find((failure) => failure.method === method && new RegExp(failure.node).test(nodeName));
    if (!due) return undefined;
    const left = { ...due, times: (due.times ?? 1) - 1 };
    storage.write(
      'failures.json',
      failures.flatMap((failure) => (failure !== due ? [failure] : left.times > 0 ? [left] : [])),
    );
    return due;
  };

  return {
    read: <Value>(select: (world: MemoryWorld) => Value): Promise<Value> =>
      Promise.resolve().then(() => select(readMemoryWorld(storage))),

    async change(edit: (world: MemoryWorld) => MemoryWorld): Promise<void> {
      const release = await storage.lock('.');
      try {
        changeMemoryWorld(storage, edit);
      } finally {
        release();
      }
    },

    plannedFailure,

    failIfPlanned(method: PlannedFailure['method'], mark: Pick<MachineMark, 'nodeName'>): void {
      if (plannedFailure(method, mark)) throw failed(`${method} of ${mark.nodeName} failed, as a test asked for`);
    },

    async planFailure(failure: PlannedFailure): Promise<void> {
      const release = await storage.lock('.');
      storage.write('failures.json', [...readFailures(), failure]);
      release();
    },
  };
}
