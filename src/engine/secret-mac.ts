import type { Secret } from '../errors/secret.js';
import type { EngineDependencies } from './context.js';

/** What stands for a secret's value in digests, and tells whether two values are one. */
export function secretMac(
  { sealer }: Pick<EngineDependencies, 'sealer'>,
  clusterId: string,
  [name, value]: readonly [string, Secret],
): string {
  return sealer.mac(`cluster/${clusterId}/${name}`, value);
}
