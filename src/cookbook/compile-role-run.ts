import { compileRun } from './compile-run.js';
import type { Cookbook, RoleDefinition } from './cookbook.js';
import type { CompiledRun, CompileInput, Role } from './types.js';

/** Runs that a role may have beside that of its run list: cleans it off a node, takes its data, puts its data back. */
export type RoleRun = 'remove' | 'backup' | 'restore';

/**
 * Another run of a role than that of its run list; null where it has none.
 *
 * @throws BdeError `COOKBOOK_INVALID`, `RENDER_FAILED`
 */
export function compileRoleRun(
  input: CompileInput,
  cookbooks: readonly Cookbook[],
  which: RoleRun,
): CompiledRun | null {
  const cookbook = cookbooks.find(({ roles }) => Object.hasOwn(roles, input.role));
  const definition = cookbook?.roles[input.role];
  const runList = definition === undefined ? null : runListOf(definition.role, which);
  if (cookbook === undefined || definition === undefined || runList === null) return null;
  // It exports nothing: facts are those of the run list.
  const other: RoleDefinition = { ...definition, role: { ...definition.role, runList, facts: {} }, facts: {} };
  const changed = { ...cookbook, roles: { ...cookbook.roles, [input.role]: other } };
  return compileRun(
    input,
    cookbooks.map((each) => (each === cookbook ? changed : each)),
  );
}

/** The recipes of such a run, in order; null where the role has none. */
export function runListOf({ membership, data }: Role, which: RoleRun): readonly string[] | null {
  return which === 'remove' ? membership.remove : (data?.[which] ?? null);
}
