import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressIn,
  chooseSubnet,
  formatSubnet,
  nodeAddresses,
  nodeRange,
  overlaps,
  parseRoutes,
  parseSubnet,
} from '../../../../src/providers/local/subnet.js';

const homeKey = fc.stringMatching(/^[0-9a-f]{8}$/);
const subnet = fc.record({ base: fc.nat({ max: 2 ** 32 - 1 }), prefixLength: fc.integer({ min: 8, max: 32 }) });

describe('chooseSubnet', () => {
  it('gives a home key its own network', () => {
    const first = chooseSubnet('00000000', []);
    const second = chooseSubnet('0000004d', []);

    expect(first && formatSubnet(first)).toBe('10.64.0.0/24');
    expect(second && formatSubnet(second)).toBe('10.64.77.0/24');
  });

  it('moves on past a network that the host has a route to', () => {
    const routes = [parseSubnet('10.64.0.0/23')].filter((route) => route !== undefined);

    const chosen = chooseSubnet('00000000', routes);

    expect(chosen && formatSubnet(chosen)).toBe('10.64.2.0/24');
  });

  it('begins again at the first network after the last', () => {
    const chosen = chooseSubnet('00003fff', [{ base: 0x0a7fff00, prefixLength: 24 }]);

    expect(chosen && formatSubnet(chosen)).toBe('10.64.0.0/24');
  });

  it('gives nothing where a route covers all networks', () => {
    expect(chooseSubnet('00000000', [{ base: 0x0a000000, prefixLength: 8 }])).toBeUndefined();
  });

  it('never overlaps a route and never leaves 10.64.0.0/10', () => {
    fc.assert(
      fc.property(homeKey, fc.array(subnet, { maxLength: 20 }), (key, routes) => {
        const chosen = chooseSubnet(key, routes);

        fc.pre(chosen !== undefined);
        expect(routes.some((route) => overlaps(route, chosen))).toBe(false);
        expect(overlaps(chosen, { base: 0x0a400000, prefixLength: 10 })).toBe(true);
      }),
    );
  });
});

describe('parseSubnet', () => {
  it('gives back what formatSubnet prints', () => {
    fc.assert(
      fc.property(subnet, (value) => {
        expect(parseSubnet(formatSubnet(value))).toEqual(value);
      }),
    );
  });

  it.each(['default', '', '10.64.0', 'fe80::/64', '10.64.0.0/24 dev x'])('takes %j for no network', (text) => {
    expect(parseSubnet(text)).toBeUndefined();
  });

  it('takes a plain address for a network of one', () => {
    expect(parseSubnet('0.0.1.2')).toEqual({ base: 258, prefixLength: 32 });
  });
});

describe('addresses of a network', () => {
  const network = { base: 0x0a4d0300, prefixLength: 24 };

  it('counts up from the network address', () => {
    expect(addressIn(network, 1)).toBe('10.77.3.1');
    expect(addressIn(network, 255)).toBe('10.77.3.255');
  });

  it('keeps .10 to .250 for nodes', () => {
    expect(nodeRange(network)).toEqual(['10.77.3.10', '10.77.3.250']);
    expect(nodeAddresses(network)).toHaveLength(241);
    expect(nodeAddresses(network)[240]).toBe('10.77.3.250');
  });
});

describe('parseRoutes', () => {
  it('leaves out the default route and our own bridge', () => {
    const json = JSON.stringify([
      { dst: 'default', gateway: '192.168.1.1', dev: 'eth0' },
      { dst: '192.168.1.0/24', dev: 'eth0' },
      { dst: '10.64.0.0/24', dev: 'bde00000000' },
      { type: 'local', dst: '127.0.0.1', dev: 'lo' },
    ]);

    const routes = parseRoutes(json, 'bde00000000');

    expect(routes.map(formatSubnet)).toEqual(['192.168.1.0/24', '127.0.0.1/32']);
  });
});
