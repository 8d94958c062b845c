import { describe, expect, it } from 'vitest';
import { localHome } from '../../../../src/providers/local/local-home.js';
import { bridgeBatch, describeNetwork, forwardingRules } from '../../../../src/providers/local/own-network.js';

const home = localHome({
  homeKey: '0a1b2c3d',
  dataRoot: '/var/lib/bde-local',
  cacheRoot: '/var/cache/bde',
  run: () => Promise.reject(new Error('no command is run here')),
  graceMs: 1000,
});
const subnet = { base: 0x0a4d0300, prefixLength: 24 };

describe('bridgeBatch', () => {
  it('makes a bridge with a fixed link address and a carrier', () => {
    const batch = bridgeBatch(home, subnet, ['lo', 'eth0']);

    expect(batch.split('\n')).toEqual([
      'link add bde0a1b2c3d address 02:bd:0a:1b:2c:3d type bridge',
      'link add bdea0a1b2c3d type veth peer name bdeb0a1b2c3d',
      'address replace 10.77.3.1/24 dev bde0a1b2c3d',
      'link set bdea0a1b2c3d master bde0a1b2c3d',
      'link set bdeb0a1b2c3d arp off',
      'link set bdeb0a1b2c3d up',
      'link set bdea0a1b2c3d up',
      'link set bde0a1b2c3d up',
      '',
    ]);
  });

  it('makes no link that is there already', () => {
    const batch = bridgeBatch(home, subnet, ['bde0a1b2c3d', 'bdea0a1b2c3d', 'bdeb0a1b2c3d']);

    expect(batch).not.toContain('link add');
  });
});

describe('forwardingRules', () => {
  it('drops and counts both ways in a table of our own', () => {
    const rules = forwardingRules(home);

    expect(rules).toContain('table inet bde0a1b2c3d {');
    expect(rules).toContain('iifname "bde0a1b2c3d" oifname != "bde0a1b2c3d" counter drop');
    expect(rules).toContain('iifname != "bde0a1b2c3d" oifname "bde0a1b2c3d" counter drop');
  });
});

describe('describeNetwork', () => {
  it('names the bridge, the host and the range of nodes', () => {
    expect(describeNetwork(home, subnet)).toEqual({
      name: 'bde0a1b2c3d',
      cidr: '10.77.3.0/24',
      hostAddress: '10.77.3.1',
      range: ['10.77.3.10', '10.77.3.250'],
      foreignAddresses: [],
    });
  });
});
