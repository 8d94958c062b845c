import type { ProviderDescription, ProviderWithAbilities } from '../../engine/ports/provider.js';
import { BdeError } from '../../errors/bde-error.js';
import { tellHostRefusals } from '../../errors/host-refusal.js';
import { ensureTemplate } from './build-template.js';
import { consoleText } from './console-text.js';
import { createMachine } from './create-machine.js';
import { readableDisks } from './data-disks.js';
import { destroyMachine } from './destroy-machine.js';
import { readInventory } from './inventory.js';
import { listMachines } from './list-machines.js';
import { localHome } from './local-home.js';
import { orphans } from './orphans.js';
import { ensureNetwork, removeNetwork } from './own-network.js';
import { powerMachine } from './power-machine.js';
import { resizeMachine } from './resize-machine.js';
import { runCommand, type RunCommand } from './run-command.js';
import { tracesOf } from './traces.js';
import { templateShell } from './template-shell.js';
import { templateStore } from './template-store.js';

/** Options of the local provider; all but the home key have defaults for a Debian host. */
export interface LocalProviderOptions {
  /** 8 lower-case hex digits that tell one `$BDE_HOME` of this host from another. */
  readonly homeKey: string;
  /** What machines need to live. */
  readonly dataRoot?: string;
  /** What can be made again. */
  readonly cacheRoot?: string;
  /** How long a guest may take to shut down when asked. */
  readonly graceMs?: number;
  readonly runCommand?: RunCommand;
}

/** Sized so that nine SMALL machines fit a host of 24 GiB with room for the host; CPU and memory are limits, not given away. */
const DESCRIPTION: ProviderDescription = {
  name: 'local',
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
 * The default provider: machines of systemd-nspawn on this host, with systemd as their first process and sshd, over one
 * read-only template and a bridge of our own.
 *
 * @throws BdeError `PROVIDER_FAILED` for a key or folder that cannot stand in names and mount options
 */
export function createLocalProvider(options: LocalProviderOptions): ProviderWithAbilities {
  const home = localHome({
    homeKey: options.homeKey,
    dataRoot: options.dataRoot ?? '/var/lib/bde-local',
    cacheRoot: options.cacheRoot ?? '/var/cache/bde',
    run: options.runCommand ?? runCommand,
    graceMs: options.graceMs ?? 30_000,
  });
  checkNames(home.homeKey, home.dataDir);
  const told = <Result>(work: Promise<Result>): Promise<Result> => tellHostRefusals('PROVIDER_FAILED', work);
  return {
    provider: {
      describe: () => DESCRIPTION,
      inventory: () => readInventory(home),
      ensureTemplate: (recipe, guard, onProgress) =>
        tellHostRefusals('TEMPLATE_FAILED', ensureTemplate(home, recipe, guard, onProgress)),
      create: (request, guard) => told(createMachine(home, request, guard)),
      power: (machineId, to, guard) => told(powerMachine(home, machineId, to, guard)),
      destroy: (machineId, guard) => told(destroyMachine(home, machineId, guard)),
      list: (clusterId) => listMachines(home, clusterId),
    },
    templates: templateStore(home),
    network: {
      ensureNetwork: (guard) => told(ensureNetwork(home, guard)),
      removeNetwork: (guard) => told(removeNetwork(home, guard)),
    },
    templateShell: templateShell(home),
    console: { consoleText: (machineId, lines) => consoleText(home, machineId, lines) },
    orphans: orphans(home),
    traces: { tracesOf: (machineIds) => tracesOf(home, machineIds) },
    disks: { readable: (machineIds) => readableDisks(home, machineIds) },
    resizer: {
      resize: (machineId, capacity, guard) => told(resizeMachine(home, machineId, { capacity, guard })),
    },
  };
}

function checkNames(homeKey: string, dataDir: string): void {
  if (!/^[0-9a-f]{8}$/.test(homeKey)) {
    throw new BdeError('PROVIDER_FAILED', `a home key is 8 lower-case hex digits, not ${JSON.stringify(homeKey)}`);
  }
  // nspawn's --bind takes `:` and spaces as its own.
  if (!/^\/[\w./-]+$/.test(dataDir)) {
    throw new BdeError(
      'PROVIDER_FAILED',
      `the folder of local machines may hold letters, digits and ._-/ only, not ${dataDir}`,
    );
  }
}
