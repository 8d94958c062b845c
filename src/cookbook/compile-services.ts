import type { Cookbook } from './cookbook.js';
import { resolveKinds } from './resolve-run.js';
import type { CompileInput } from './types.js';

/**
 * The systemd units that a role keeps running on a node, in the order in which its recipes have them.
 *
 * @throws BdeError `COOKBOOK_INVALID`, `RENDER_FAILED`
 */
export function serviceUnits(input: CompileInput, cookbooks: readonly Cookbook[]): readonly string[] {
  const services = resolveKinds(input, cookbooks, ['service']).map(({ call }) => call.parameters);
  return services.flatMap(({ unit, state }) => (state === 'running' && typeof unit === 'string' ? [unit] : []));
}
