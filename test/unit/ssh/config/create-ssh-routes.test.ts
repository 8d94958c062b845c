import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SshRoutes } from '../../../../src/engine/ports/ssh-routes.js';
import { createSshRoutes, type SshUser } from '../../../../src/ssh/config/create-ssh-routes.js';
import { generateKeyPair } from '../../../../src/ssh/generate-key-pair.js';
import { privateKeysOf } from '../../../../src/ssh/log-in-methods.js';

const A = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==';
const B = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB';

let home: string;
let user: SshUser;
let routes: SshRoutes;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bde-ssh-home-'));
  user = { home, userName: 'olga', agentSocket: undefined, systemFolder: join(home, 'etc') };
  routes = createSshRoutes(user);
});

afterEach(() => rm(home, { recursive: true }));

/** Paths are below the home. */
async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(home, path, '..'), { recursive: true });
    await writeFile(join(home, path), text, { mode: 0o600 });
  }
}

describe('createSshRoutes', () => {
  it('goes by the known hosts and the local user where nothing is configured', async () => {
    await write({ '.ssh/known_hosts': `10.0.0.7 ${A}\n10.0.0.7 ${B}\n` });

    expect(await routes.routeTo({ host: '10.0.0.7' })).toEqual({
      address: '10.0.0.7',
      port: 22,
      user: 'olga',
      hostKey: `${A}\n${B}`,
      knownFrom: join(home, '.ssh/known_hosts'),
      privateKey: [],
    });
  });

  it('follows the configuration of an alias, its includes by pattern, and that of the host', async () => {
    await write({
      '.ssh/config': 'Include conf.d/*.conf\n',
      '.ssh/conf.d/10-db.conf': 'Host db\n  HostName db-1.%h.example\n  UserKnownHostsFile ~/.ssh/%n_hosts\n',
      '.ssh/conf.d/.hidden.conf': 'User hidden\n',
      '.ssh/db_hosts': `[db-1.db.example]:2222 ${A}\n`,
      'etc/ssh_config': 'User bde\nPort 2222\n',
    });

    expect(await routes.routeTo({ host: 'db' })).toMatchObject({
      address: 'db-1.db.example',
      port: 2222,
      user: 'bde',
      hostKey: A,
    });
  });

  it('puts what the site says before what ssh says', async () => {
    await write({
      '.ssh/config': 'User nobody\nPort 2222\nProxyJump bastion\n',
      '.ssh/known_hosts': `db ${A}\n`,
      site_hosts: `db ${B}\n`,
    });

    const route = await routes.routeTo({
      host: 'db',
      user: 'bde',
      port: 22,
      jumps: [],
      knownHostsFile: join(home, 'site_hosts'),
    });

    expect(route).toMatchObject({ user: 'bde', port: 22, hostKey: `${B}\n${A}` });
    expect(route.jumps).toBeUndefined();
  });

  it('gives each jump host its own user, port and host key, and the first its own jump hosts', async () => {
    await write({
      '.ssh/config': 'Host inner\n  ProxyJump bde@middle:2222,last\nHost middle\n  ProxyJump outer\n',
      '.ssh/known_hosts': ['inner', '[middle]:2222', 'last', 'outer'].map((name) => `${name} ${A}\n`).join(''),
    });

    const { jumps } = await routes.routeTo({ host: 'inner' });

    expect(jumps?.map(({ user: name, address, port }) => `${name}@${address}:${port}`)).toEqual([
      'olga@outer:22',
      'bde@middle:2222',
      'olga@last:22',
    ]);
  });

  it('refuses jump hosts that lead in a circle', async () => {
    await write({ '.ssh/config': 'ProxyJump bastion\n', '.ssh/known_hosts': `* ${A}\n` });

    await expect(routes.routeTo({ host: 'db' })).rejects.toMatchObject({
      code: 'SSH_CONFIG_INVALID',
      message: 'The way to db, behind bastion, behind bastion, behind bastion … goes through more than 8 jump hosts.',
    });
  });

  it('refuses includes that lead in a circle', async () => {
    await write({ '.ssh/config': 'Include config\n' });

    await expect(routes.routeTo({ host: 'db' })).rejects.toMatchObject({ code: 'SSH_CONFIG_INVALID' });
  });

  it('refuses an unknown host and says how to come to know it', async () => {
    await write({ '.ssh/known_hosts': `db ${A}\n` });
    const file = join(home, '.ssh/known_hosts');

    await expect(routes.routeTo({ host: 'db', port: 2222 })).rejects.toMatchObject({
      code: 'HOST_KEY_UNKNOWN',
      exitCode: 6,
      message: expect.stringContaining(`There is no host key of [db]:2222 in ${file}, `) as string,
      hint: expect.stringContaining(`ssh-keyscan -t ed25519 -p 2222 db >>${file}`) as string,
    });
  });

  it('refuses a jump host that is not known', async () => {
    await write({ '.ssh/known_hosts': `db ${A}\n` });

    await expect(routes.routeTo({ host: 'db', jumps: ['bastion'] })).rejects.toMatchObject({
      code: 'HOST_KEY_UNKNOWN',
      message: expect.stringMatching(/^There is no host key of bastion in /) as string,
    });
  });

  it('says where a host is known by an authority alone, or by revoked keys', async () => {
    await write({ '.ssh/known_hosts': `@cert-authority ca-* ${A}\nold ${B}\n@revoked * ${B}\n` });

    await expect(routes.routeTo({ host: 'ca-1' })).rejects.toThrow(
      /bde checks host keys, not certificates; nothing was/,
    );
    await expect(routes.routeTo({ host: 'old' })).rejects.toThrow(/^Every host key of old in .* is revoked; nothing/);
  });

  it('tries the usual identities that are there, and those alone that are named', async () => {
    const [ed25519, rsa] = [generateKeyPair('a'), generateKeyPair('b')];
    await write({
      '.ssh/known_hosts': `* ${A}\n`,
      '.ssh/id_ed25519': ed25519.privateOpenSsh.reveal(),
      '.ssh/id_rsa': rsa.privateOpenSsh.reveal(),
    });

    const usual = await routes.routeTo({ host: 'db' });
    await write({ '.ssh/config': 'IdentityFile ~/.ssh/id_rsa\nIdentityFile ~/.ssh/absent\n' });
    const named = await routes.routeTo({ host: 'db' });

    expect(privateKeysOf(usual).map((key) => key.reveal())).toEqual([
      ed25519.privateOpenSsh.reveal(),
      rsa.privateOpenSsh.reveal(),
    ]);
    expect(privateKeysOf(named).map((key) => key.reveal())).toEqual([rsa.privateOpenSsh.reveal()]);
  });

  it('asks an agent for all of its keys, or for those of the identity files alone', async () => {
    const key = generateKeyPair('a');
    const [type, blob] = key.publicOpenSsh.split(' ');
    await write({ '.ssh/known_hosts': `* ${A}\n`, '.ssh/id_ed25519': key.privateOpenSsh.reveal() });
    const withAgent = createSshRoutes({ ...user, agentSocket: '/run/agent' });

    const all = await withAgent.routeTo({ host: 'db' });
    await write({ '.ssh/config': 'IdentitiesOnly yes\n' });
    const only = await withAgent.routeTo({ host: 'db' });
    await write({ '.ssh/config': 'IdentityAgent none\n' });
    const none = await withAgent.routeTo({ host: 'db' });

    expect(all.agent).toEqual({ socket: '/run/agent' });
    expect(only.agent).toEqual({ socket: '/run/agent', only: [`${type} ${blob}`] });
    expect(none.agent).toBeUndefined();
  });

  it('leaves a locked key to the agent, and refuses one that the site names where none runs', async () => {
    const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    // The old form, which ssh reads too.
    const locked = key.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'secret' }).toString();
    await write({ '.ssh/known_hosts': `* ${A}\n`, key: locked, 'key.pub': A });
    const login = { host: 'db', identityFile: '~/key' };

    const { privateKey } = await createSshRoutes({ ...user, agentSocket: '/run/agent' }).routeTo(login);

    expect(privateKey).toEqual([]);
    await expect(routes.routeTo(login)).rejects.toMatchObject({
      code: 'SSH_CONFIG_INVALID',
      message: `The private key ${join(home, 'key')} is locked by a passphrase, and no agent runs.`,
    });
  });

  it('refuses an identity that is not there, that others can read, or that is none', async () => {
    await write({ '.ssh/known_hosts': `* ${A}\n`, open: generateKeyPair('a').privateOpenSsh.reveal(), none: 'text\n' });
    await chmod(join(home, 'open'), 0o644);
    const codeFor = (identityFile: string) => routes.routeTo({ host: 'db', identityFile });

    await expect(codeFor('~/absent')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(codeFor('~/open')).rejects.toThrow(`Others can read the private key ${join(home, 'open')}.`);
    await expect(codeFor('~/none')).rejects.toThrow(`${join(home, 'none')} is no private key that bde can read.`);
  });
});
