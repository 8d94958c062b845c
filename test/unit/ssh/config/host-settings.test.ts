import { describe, expect, it } from 'vitest';
import { hostSettings, type HostSettings } from '../../../../src/ssh/config/host-settings.js';
import { parseSshConfig } from '../../../../src/ssh/config/ssh-config-lines.js';

function settingsOf(text: string, host: string, user?: string): HostSettings {
  const file = { path: '/home/olga/.ssh/config', lines: parseSshConfig(text) };
  return hostSettings([file], { host, user, localUser: 'olga' });
}

describe('hostSettings', () => {
  it('takes the first value of each setting, from every Host line that fits', () => {
    const text = `
IdentityAgent none
Host db-1
  HostName 10.0.0.7
  User bde
Host db-*
  User nobody
  Port 2222
`;

    expect(settingsOf(text, 'db-1')).toEqual({
      identityAgent: 'none',
      hostName: '10.0.0.7',
      user: 'bde',
      port: '2222',
      identityFiles: [],
    });
    expect(settingsOf(text, 'web')).toEqual({ identityAgent: 'none', identityFiles: [] });
  });

  it('reads every spelling that ssh does: case, equal signs, quotes, comments', () => {
    const text = `hOsT=db # the first\n  hostname = "10.0.0.7"\n\tProxyJump olga@bastion:2222 # by there\n`;

    expect(settingsOf(text, 'db')).toMatchObject({ hostName: '10.0.0.7', proxyJump: 'olga@bastion:2222' });
  });

  it('adds identity files up and takes several known hosts files from one line', () => {
    const text = `IdentityFile ~/.ssh/a\nIdentityFile "~/my keys/b"\nUserKnownHostsFile ~/k1 ~/k2\nUserKnownHostsFile ~/k3\n`;

    expect(settingsOf(text, 'db')).toEqual({
      identityFiles: ['~/.ssh/a', '~/my keys/b'],
      userKnownHostsFiles: ['~/k1', '~/k2'],
    });
  });

  it('shuts out hosts by a pattern with an exclamation mark', () => {
    const text = `Host *.example.org !db.example.org\n  User bde\n`;

    expect(settingsOf(text, 'web.example.org').user).toBe('bde');
    expect(settingsOf(text, 'db.example.org').user).toBeUndefined();
  });

  it('judges Match by host as named so far, by original host, user and local user', () => {
    const text = `
Host db
  HostName 10.0.0.7
Match host 10.0.0.* originalhost db,web user bde localuser olga
  Port 2222
Match all
  ProxyJump bastion
`;

    expect(settingsOf(text, 'db', 'bde')).toMatchObject({ port: '2222', proxyJump: 'bastion' });
    expect(settingsOf(text, 'db', 'root').port).toBeUndefined();
    expect(settingsOf(text, 'web', 'bde').port).toBeUndefined();
  });

  it('turns a Match round by an exclamation mark', () => {
    const text = `Match !host db\n  Port 2222\n`;

    expect([settingsOf(text, 'web').port, settingsOf(text, 'db').port]).toEqual(['2222', undefined]);
  });

  it('refuses a Match that it cannot judge, but only for a host that it may be for', () => {
    const text = `Match host db exec "test -f /vpn"\n  ProxyJump bastion\n`;

    expect(settingsOf(text, 'web')).toEqual({ identityFiles: [] });
    expect(() => settingsOf(text, 'db')).toThrow(
      expect.objectContaining({
        code: 'SSH_CONFIG_INVALID',
        message: '/home/olga/.ssh/config has settings for db under "Match exec", which bde does not judge.',
      }) as Error,
    );
  });

  it('passes over a Match that it cannot judge and that sets nothing bde reads', () => {
    expect(settingsOf(`Match final\n  ForwardX11 yes\n`, 'db')).toEqual({ identityFiles: [] });
  });

  it('refuses a proxy command, unless a jump host was given before', () => {
    const command = `ProxyCommand nc -X connect %h %p\n`;

    expect(() => settingsOf(command, 'db')).toThrow('/home/olga/.ssh/config gives a ProxyCommand for db.');
    expect(settingsOf(`ProxyJump bastion\n${command}`, 'db').proxyJump).toBe('bastion');
    expect(settingsOf('ProxyCommand none\n', 'db')).toEqual({ identityFiles: [] });
  });

  it('reads what a Host line includes for that host only', () => {
    const included = { path: '/inner', lines: parseSshConfig('User bde\nHost web\n  Port 1\nHost db\n  Port 2\n') };
    const lines = [{ type: 'host', patterns: ['d*'], lines: [{ type: 'included', file: included }] }] as const;
    const ask = (host: string) =>
      hostSettings([{ path: '/outer', lines }], { host, user: undefined, localUser: 'olga' });

    expect(ask('db')).toEqual({ user: 'bde', port: '2', identityFiles: [] });
    expect(ask('web')).toEqual({ identityFiles: [] });
  });
});
