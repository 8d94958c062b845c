import { readFile, stat } from 'node:fs/promises';
import { BdeError } from '../../errors/bde-error.js';
import { Secret } from '../../errors/secret.js';
import type { NodeTarget } from '../../engine/ports/nodes.js';
import type { MachineLogIn } from '../../engine/ports/provider.js';
import type { MachineId } from '../../errors/ids.js';
import type { StaticHost } from '../../engine/ports/static-host.js';
import type { StaticSite } from './static-site.js';
import { hostName } from './static-site.js';

/** Where a host is logged in to with the operator's own keys. */
export async function operatorTarget(site: StaticSite, host: StaticHost): Promise<NodeTarget> {
  const route = await routeTo(site, host);
  return { name: hostName(host), machineId: host.address as MachineId, ...route, ...(await sudoOf(host)) };
}

/** The same way in for whoever has a key of their own: without those of the operator at its end. */
export async function logInTo(site: StaticSite, host: StaticHost): Promise<MachineLogIn> {
  const { address, port, user, hostKey, knownFrom, jumps } = await routeTo(site, host);
  return {
    ...{ address, port, user, hostKey },
    ...(knownFrom === undefined ? {} : { knownFrom }),
    ...(jumps === undefined ? {} : { jumps }),
    ...(await sudoOf(host)),
  };
}

function routeTo({ routes }: StaticSite, host: StaticHost) {
  const { address, user, port, jump, identityFile, knownHosts } = host;
  return routes.routeTo({
    host: address,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port }),
    ...(jump === undefined ? {} : { jumps: jump }),
    ...(identityFile === undefined ? {} : { identityFile }),
    ...(knownHosts === undefined ? {} : { knownHostsFile: knownHosts }),
  });
}

async function sudoOf({ sudo }: StaticHost): Promise<Pick<NodeTarget, 'sudo'>> {
  if (sudo === undefined || sudo === false) return {};
  return { sudo: { password: sudo === true ? null : await readPassword(sudo.passwordFile) } };
}

/** The first line of a file that nobody else can read. */
async function readPassword(path: string): Promise<Secret> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) throw unreadable(path, 'can be read by others', `Close it: chmod 600 ${path}.`);
    const [line = ''] = (await readFile(path, 'utf8')).split('\n');
    if (line === '') throw unreadable(path, 'holds no password', 'Write the password into its first line.');
    return new Secret(line);
  } catch (error) {
    if (error instanceof BdeError) throw error;
    throw unreadable(
      path,
      `cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`,
      'Name it by its full path.',
    );
  }
}

function unreadable(path: string, why: string, hint: string): BdeError {
  return new BdeError('FILE_UNREADABLE', `The password file ${path} ${why}.`, { hint, subject: { file: path } });
}
