import { compileRun } from './compile-run.js';
import type { Cookbook, RoleDefinition } from './cookbook.js';
import type { CompiledRun, CompileInput } from './types.js';

/**
 * The run that takes a role off a node: its `remove` recipes instead of its run list; null where it has none.
 *
 * @throws BdeError `COOKBOOK_INVALID`, `RENDER_FAILED`
 */
export function compileRemoval(input: CompileInput, cookbooks: readonly Cookbook[]): CompiledRun | null {
  const cookbook = cookbooks.find(({ roles }) => Object.hasOwn(roles, input.role));
  const definition = cookbook?.roles[input.role];
  const runList = definition?.role.membership.remove;
  if (cookbook === undefined || definition === undefined || !runList) return null;
  // What it exported is void, and its facts are not asked for.
  const removal: RoleDefinition = { ...definition, role: { ...definition.role, runList, facts: {} }, facts: {} };
  const changed = { ...cookbook, roles: { ...cookbook.roles, [input.role]: removal } };
  return compileRun(
    input,
    cookbooks.map((each) => (each === cookbook ? changed : each)),
  );
}
