import { join, resolve } from 'node:path';

/** What of the process decides where the identity is. */
export interface IdentityPlace {
  /** `$BDE_IDENTITY`; empty counts as not set. */
  readonly override: string | undefined;
  readonly isRoot: boolean;
  readonly homeFolder: string;
}

/** The absolute path of the operator identity: `$BDE_IDENTITY`, else `/etc/bde/identity` for root, else below `~/.config`. */
export function identityPath({ override, isRoot, homeFolder }: IdentityPlace): string {
  if (override !== undefined && override !== '') return resolve(override);
  return isRoot ? '/etc/bde/identity' : join(homeFolder, '.config', 'bde', 'identity');
}
