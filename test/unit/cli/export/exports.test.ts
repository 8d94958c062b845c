import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import type { ExportedCluster, ExportedNode } from '../../../../src/cli/export/exported-cluster.js';
import { toKnownHosts } from '../../../../src/cli/export/known-hosts.js';
import { toAnsible } from '../../../../src/cli/export/to-ansible.js';
import { toHosts } from '../../../../src/cli/export/to-hosts.js';
import { toRack } from '../../../../src/cli/export/to-rack.js';
import { toSshConfig } from '../../../../src/cli/export/to-ssh-config.js';

const NODE: ExportedNode = {
  name: 'lab-web-0',
  group: 'web-tier',
  index: 0,
  ordinal: 1,
  roles: ['nginx'],
  address: '10.77.3.10',
  power: 'on',
  host: 'h1',
  rack: 'r1',
  machine: { id: '01M1', generation: 1 },
  logIn: {
    address: '10.77.3.10',
    port: 22,
    user: 'root',
    hostKeys: ['ssh-ed25519 AAAA'],
    sudo: false,
    jumps: [],
  },
  applied: {},
};

/** Behind a jump host, by sudo, at a port of its own. */
const BEHIND: ExportedNode = {
  ...NODE,
  name: 'lab-web-1',
  group: 'web_tier',
  roles: ['nginx', 'redis'],
  address: '10.77.3.11',
  host: 'h2',
  rack: null,
  logIn: {
    address: '10.77.3.11',
    port: 2222,
    user: 'ops',
    hostKeys: ['ssh-ed25519 BBBB', 'ssh-rsa CCCC'],
    sudo: true,
    jumps: [{ address: '192.0.2.1', port: 22, user: 'me', hostKeys: ['ssh-ed25519 DDDD'] }],
  },
};

const CLUSTER: ExportedCluster = {
  formatVersion: 1,
  id: '01C1',
  name: 'lab',
  state: 'RUNNING',
  distro: 'web@1',
  provider: 'local',
  rehearsal: false,
  isProtected: false,
  epoch: 3,
  createdAt: '2026-01-01T00:00:00.000Z',
  spec: {},
  groups: [],
  nodes: [NODE, BEHIND, { ...NODE, name: 'lab-web-2', address: '10.77.3.12', host: null, machine: null, logIn: null }],
  endpoints: [],
  mirror: null,
  ssh: { keyFile: '/var/lib/b de/ssh/lab/key', knownHostsFile: '/var/lib/b de/ssh/lab/known_hosts' },
};

describe('toHosts', () => {
  it('gives a line for every node', () => {
    expect(toHosts(CLUSTER)).toBe(
      '# bde cluster lab\n10.77.3.10 lab-web-0\n10.77.3.11 lab-web-1\n10.77.3.12 lab-web-2\n',
    );
  });
});

describe('toRack', () => {
  it('lists the hosts of each rack, and where every node is', () => {
    expect(toRack(CLUSTER).split('\n')).toEqual([
      '# bde cluster lab',
      'default-rack: h2',
      'r1: h1',
      '# lab-web-0: 10.77.3.10 /r1',
      '# lab-web-1: 10.77.3.11 /default-rack',
      '# lab-web-2: 10.77.3.12 /r1',
      '',
    ]);
  });
});

describe('toKnownHosts', () => {
  it('knows every node by name and address, and jump hosts by address', () => {
    expect(toKnownHosts(CLUSTER).split('\n')).toEqual([
      'lab-web-0,10.77.3.10 ssh-ed25519 AAAA',
      '[lab-web-1]:2222,[10.77.3.11]:2222 ssh-ed25519 BBBB',
      '[lab-web-1]:2222,[10.77.3.11]:2222 ssh-rsa CCCC',
      '192.0.2.1 ssh-ed25519 DDDD',
      '',
    ]);
  });
});

describe('toSshConfig', () => {
  it('names each node that has a machine, by its way and the one key', () => {
    expect(toSshConfig(CLUSTER).split('\n')).toEqual([
      '# bde cluster lab: ssh -F FILE lab-web-0',
      '',
      'Host lab-web-0',
      '  HostName 10.77.3.10',
      '  Port 22',
      '  User root',
      '  IdentityFile "/var/lib/b de/ssh/lab/key"',
      '  IdentitiesOnly yes',
      '  PasswordAuthentication no',
      '',
      'Host lab-web-1',
      '  HostName 10.77.3.11',
      '  Port 2222',
      '  User ops',
      '  IdentityFile "/var/lib/b de/ssh/lab/key"',
      '  IdentitiesOnly yes',
      '  PasswordAuthentication no',
      '  ProxyJump bde-jump-me-192.0.2.1-22',
      '',
      'Host bde-jump-me-192.0.2.1-22',
      '  HostName 192.0.2.1',
      '  Port 22',
      '  User me',
      '',
      'Host *',
      '  StrictHostKeyChecking yes',
      '  UserKnownHostsFile "/var/lib/b de/ssh/lab/known_hosts"',
      '  GlobalKnownHostsFile /dev/null',
      '  UpdateHostKeys no',
      '',
    ]);
  });
});

describe('toAnsible', () => {
  const inventory = parse(toAnsible(CLUSTER)) as {
    all: {
      vars: Record<string, unknown>;
      hosts: Record<string, Record<string, unknown>>;
      children: Record<string, { hosts: Record<string, unknown> }>;
    };
  };

  it('has a group for each node group and each role, by names that Ansible takes', () => {
    const members = Object.entries(inventory.all.children).map(([name, { hosts }]) => [name, Object.keys(hosts)]);

    expect(members).toEqual([
      ['group_web_tier', ['lab-web-0', 'lab-web-2']],
      ['group_web_tier_2', ['lab-web-1']],
      ['role_nginx', ['lab-web-0', 'lab-web-1', 'lab-web-2']],
      ['role_redis', ['lab-web-1']],
    ]);
  });

  it('says how to get in to a host, with the host keys that are known and no others', () => {
    expect(inventory.all.hosts['lab-web-1']).toEqual({
      ansible_host: '10.77.3.11',
      ansible_port: 2222,
      ansible_user: 'ops',
      ansible_become: true,
      ansible_ssh_common_args:
        '-o StrictHostKeyChecking=yes -o UserKnownHostsFile=\'"/var/lib/b de/ssh/lab/known_hosts"\' ' +
        '-o IdentitiesOnly=yes -o ProxyJump=me@192.0.2.1:22',
      bde_address: '10.77.3.11',
      bde_group: 'web_tier',
      bde_index: 0,
      bde_ordinal: 1,
      bde_roles: ['nginx', 'redis'],
    });
  });

  it('names the key by its file', () => {
    expect(inventory.all.vars['ansible_ssh_private_key_file']).toBe('/var/lib/b de/ssh/lab/key');
  });
});
