import { BdeError } from '../../errors/bde-error.js';
import type { ProviderDescription, ProviderWithAbilities } from '../../engine/ports/provider.js';
import { createMachine } from './create-machine.js';
import { destroyMachine } from './destroy-machine.js';
import { logInTo, operatorTarget } from './host-log-in.js';
import { readInventory } from './inventory.js';
import { listMachines } from './list-machines.js';
import type { StaticHost } from '../../engine/ports/static-host.js';
import type { StaticSite } from './static-site.js';
import { tracesOf } from './traces.js';

/** What a node of each size has to find on a host. */
const SIZES = {
  SMALL: { cpuCount: 1, memoryMiB: 900, diskGiB: 10 },
  MEDIUM: { cpuCount: 2, memoryMiB: 1800, diskGiB: 20 },
  LARGE: { cpuCount: 4, memoryMiB: 7200, diskGiB: 40 },
  EXTRA_LARGE: { cpuCount: 8, memoryMiB: 14400, diskGiB: 80 },
} as const;

/** Machines that are there already: leased and given back, never cloned. */
export function createStaticProvider(site: StaticSite): ProviderWithAbilities {
  const description: ProviderDescription = {
    name: site.name,
    cloneKinds: [],
    canPower: false,
    leaves: 'packages, users, services and data that recipes laid',
    cpu: 'reserved',
    memory: 'reserved',
    disk: 'reserved',
    sizes: SIZES,
  };
  return {
    provider: {
      describe: () => description,
      inventory: () => readInventory(site),
      ensureTemplate: (recipe, guard, onProgress) => site.ensureTemplate(recipe, guard, onProgress),
      create: (request, guard) => createMachine(site, request, guard),
      power: () => Promise.reject(powerError(site)),
      destroy: (machineId, guard) => destroyMachine(site, machineId, guard),
      list: (clusterId) => listMachines(site, clusterId),
    },
    traces: { tracesOf: (machineIds) => tracesOf(site, machineIds) },
    access: {
      accessTo: async (address) => logInTo(site, hostAt(site, address)),
      operatorAt: async (address) => operatorTarget(site, hostAt(site, address)),
    },
  };
}

function hostAt({ name, hosts }: StaticSite, address: string): StaticHost {
  const host = hosts.find((each) => each.address === address);
  if (host !== undefined) return host;
  throw new BdeError('PROVIDER_FAILED', `The provider ${name} has no host ${address}.`, {
    hint: 'Put the host back into the site file.',
  });
}

function powerError({ name }: StaticSite): BdeError {
  return new BdeError('PROVIDER_FAILED', `The provider ${name} cannot turn machines on or off: they are not its own.`, {
    hint: 'Turn the machine on or off by hand.',
  });
}
