import { BdeError } from '../../errors/bde-error.js';
import type { HostLogIn } from '../../engine/ports/ssh-routes.js';

const JUMP = /^(?:ssh:\/\/)?(?:(?<user>[^@\s]+)@)?(?<host>\[[0-9A-Fa-f:.]+\]|[^:@\s/]+)(?::(?<port>\d{1,5}))?\/?$/;

/**
 * Jump hosts as ssh's ProxyJump has them; `none` alone stands for none.
 *
 *     olga@bastion:2222
 *
 * @throws BdeError `SSH_CONFIG_INVALID`
 */
export function parseJumps(jumps: readonly string[], host: string): readonly HostLogIn[] {
  if (jumps.length === 1 && jumps[0] === 'none') return [];
  return jumps.map((text) => {
    const { user, host: jump, port } = JUMP.exec(text.trim())?.groups ?? {};
    if (jump === undefined) {
      throw new BdeError('SSH_CONFIG_INVALID', `"${text}", on the way to ${host}, is no jump host.`, {
        hint: 'Say it as [USER@]HOST[:PORT], several with commas in between.',
      });
    }
    return {
      host: jump.replace(/^\[|\]$/g, ''),
      ...(user === undefined ? {} : { user }),
      ...(port === undefined ? {} : { port: Number(port) }),
    };
  });
}
