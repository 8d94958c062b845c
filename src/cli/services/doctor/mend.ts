import type { ProviderWithAbilities } from '../../../engine/ports/provider.js';
import type { OperationTable } from '../../../engine/ports/store.js';
import type { Guard } from '../../../engine/ports/guard.js';
import type { MachineId, OperationId } from '../../../errors/ids.js';
import { strangersOf } from './diagnose.js';
import type { HostFacts, MachineFacts } from './host-facts.js';

/** What `--fix` is going to do. */
export interface Mending {
  readonly machines: readonly MachineFacts[];
  readonly orphans: readonly string[];
  readonly operations: readonly { readonly id: string; readonly kind: string }[];
}

/** What can be mended; machines only where that was asked for by name. */
export function planMending(facts: HostFacts, options: { readonly destroyUnknown: boolean }): Mending {
  return {
    machines: options.destroyUnknown ? strangersOf(facts) : [],
    orphans: facts.provider.orphans,
    operations: facts.store.deadHomeOperations,
  };
}

/** The question that goes before it; null where nothing is to do. */
export function questionOf({ machines, orphans, operations }: Mending): string | null {
  const parts = [
    ...countOf(machines.length, 'destroy', 'machine', machines.map(({ node }) => node).join(', ')),
    ...countOf(orphans.length, 'remove', 'orphan', orphans.join('; ')),
    ...countOf(operations.length, 'mark as interrupted', 'operation', operations.map(({ kind }) => kind).join(', ')),
  ];
  return parts.length === 0 ? null : `This would ${parts.join(', ')}. Go on?`;
}

function countOf(count: number, verb: string, noun: string, names: string): readonly string[] {
  return count === 0 ? [] : [`${verb} ${String(count)} ${noun}${count === 1 ? '' : 's'} (${names})`];
}

/** Mends, and says what it did, one line each. Machines go first: what they leave is an orphan then. */
export async function mend(
  mending: Mending,
  parts: {
    readonly provider: ProviderWithAbilities;
    readonly operations: Pick<OperationTable, 'update'>;
    readonly guard: Guard;
    readonly now: number;
  },
): Promise<readonly string[]> {
  const done: string[] = [];
  for (const { machineId, node } of mending.machines) {
    await parts.provider.provider.destroy(machineId as MachineId, parts.guard);
    done.push(`destroyed the machine ${machineId} of ${node}`);
  }
  done.push(...(await removeOrphans(parts.provider, parts.guard)));
  for (const { id, kind } of mending.operations) {
    const outcome = 'its controller is gone';
    await parts.operations.update(id as OperationId, { state: 'interrupted', outcome, endedAt: parts.now });
    done.push(`marked the operation ${id} (${kind}) as interrupted`);
  }
  return done;
}

/** What is there now, for the removal of machines may have left more. */
async function removeOrphans({ orphans }: ProviderWithAbilities, guard: Guard): Promise<readonly string[]> {
  if (orphans === undefined) return [];
  const found = await orphans.listOrphans();
  if (found.length > 0) await orphans.removeOrphans(guard);
  const left = await orphans.listOrphans();
  return found.filter((orphan) => !left.includes(orphan)).map((orphan) => `removed ${orphan}`);
}
