import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostLogIn } from '../../../../src/engine/ports/ssh-routes.js';
import { Secret } from '../../../../src/errors/secret.js';
import { logInTo, operatorTarget } from '../../../../src/providers/static/host-log-in.js';
import type { StaticHost } from '../../../../src/engine/ports/static-host.js';
import type { StaticSite } from '../../../../src/providers/static/static-site.js';

const ROUTE = { address: '10.0.0.7', port: 22, user: 'olga', hostKey: 'ssh-ed25519 AAAA', knownFrom: '/k' };
const CREDENTIALS = { privateKey: [new Secret('operator')], agent: { socket: '/agent' } };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-log-in-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A site whose routes are the one above; gives what they were asked for. */
function siteWith(asked: HostLogIn[] = []): StaticSite {
  const routes = {
    routeTo(login: HostLogIn) {
      asked.push(login);
      return Promise.resolve({ ...ROUTE, ...CREDENTIALS });
    },
  };
  return { routes } as unknown as StaticSite;
}

describe('logging in to a host', () => {
  it('goes by what the site says of it', async () => {
    const asked: HostLogIn[] = [];
    const host: StaticHost = { address: '10.0.0.7', user: 'bde', jump: ['bastion'], knownHosts: '/k' };

    await operatorTarget(siteWith(asked), host);

    expect(asked).toEqual([{ host: '10.0.0.7', user: 'bde', jumps: ['bastion'], knownHostsFile: '/k' }]);
  });

  it('uses the keys of the operator for leasing, and not for the cluster', async () => {
    const host = { address: '10.0.0.7', name: 'db', sudo: true } as const;

    expect(await operatorTarget(siteWith(), host)).toEqual({
      ...{ ...ROUTE, ...CREDENTIALS },
      name: 'db',
      machineId: '10.0.0.7',
      sudo: { password: null },
    });
    expect(await logInTo(siteWith(), host)).toEqual({ ...ROUTE, sudo: { password: null } });
  });

  it('reads the password of sudo from the first line of its file', async () => {
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, 'pass phrase 7\nnot this\n', { mode: 0o600 });

    const { sudo } = await logInTo(siteWith(), { address: '10.0.0.7', sudo: { passwordFile } });

    expect(sudo?.password?.reveal()).toBe('pass phrase 7');
  });

  it('refuses a password file that others can read, that is empty, or that is not there', async () => {
    const passwordFile = join(folder, 'password');
    const ask = () => logInTo(siteWith(), { address: '10.0.0.7', sudo: { passwordFile } });

    await expect(ask()).rejects.toThrow(`The password file ${passwordFile} cannot be read (ENOENT).`);
    await writeFile(passwordFile, '\n', { mode: 0o600 });
    await expect(ask()).rejects.toThrow(`The password file ${passwordFile} holds no password.`);
    await chmod(passwordFile, 0o640);
    await expect(ask()).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: `The password file ${passwordFile} can be read by others.`,
    });
  });
});
