import type { Guard } from '../../src/engine/ports/guard.js';
import type { ProviderWithAbilities } from '../../src/engine/ports/provider.js';
import { createLocalProvider } from '../../src/providers/local/create-local-provider.js';
import { createMemoryProvider } from '../fakes/memory-provider.js';
import { aCreation, type CreationInput } from './provider-requests.js';
import { openStatic, type StaticLocation } from './static-world.js';

/** What the parent wants done; the only argument, as JSON. */
export interface ChildOrder {
  readonly provider:
    | { readonly kind: 'memory'; readonly dir: string }
    | { readonly kind: 'local'; readonly homeKey: string; readonly dataRoot: string }
    | StaticLocation;
  readonly verb: 'create' | 'destroy';
  readonly creation: CreationInput;
  /** The child kills itself with SIGKILL in this call of the guard, counted from 1. */
  readonly killAtGuard: number;
}

/** A controller of its own that dies in the middle. It says `done` where it came to its end. */
const order = JSON.parse(process.argv[2] ?? '') as ChildOrder;
let calls = 0;
const guard: Guard = () => {
  calls += 1;
  if (calls === order.killAtGuard) process.kill(process.pid, 'SIGKILL');
  return Promise.resolve();
};

function open(): ProviderWithAbilities {
  switch (order.provider.kind) {
    case 'memory':
      return createMemoryProvider(order.provider);
    case 'local':
      return createLocalProvider(order.provider);
    case 'static':
      return openStatic(order.provider);
  }
}

const { provider } = open();
const request = aCreation(order.creation);
if (order.verb === 'create') await provider.create(request, guard);
else await provider.destroy(request.mark.machineId, guard);
process.stdout.write('done\n');
