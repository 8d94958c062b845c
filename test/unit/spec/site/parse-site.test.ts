import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../../src/spec/document/parse-document.js';
import { parseSite } from '../../../../src/spec/site/parse-site.js';
import { EMPTY_SITE } from '../../../../src/spec/site/site.js';
import { messagesOf } from '../spec-builders.js';

const parse = (text: string) => parseSite(parseDocument(text, 'bde.yaml'));

const FULL = `
formatVersion: 1
providers:
  local:
    network: lab
    sizes:
      SMALL: { cpuCount: 1, memoryMiB: 768, diskGiB: 6 }
    settings: { root: /srv/bde }
networks:
  lab:
    cidr: 10.77.3.0/24
    range: [10.77.3.10, 10.77.3.200]
    gateway: 10.77.3.1
    dns: [10.77.3.1]
  leased:
    cidr: 10.77.3.0/24
    range: [10.77.3.201, 10.77.3.250]
    addresses: dhcp
caCertificates: [/etc/ssl/corp.pem]
proxy: { https: "http://proxy:3128", noProxy: [10.0.0.0/8] }
mirror: { address: 10.77.3.1, port: 8443 }
cookbooks: [cookbooks, /srv/cookbooks]
distros: [distros]
repos: [repos]
fix: { perHour: 3 }
`;

describe('parseSite', () => {
  it('reads every part', () => {
    expect(parse(FULL)).toEqual({
      defaultProvider: 'local',
      providers: {
        local: {
          kind: 'local',
          network: 'lab',
          sizes: { SMALL: { cpuCount: 1, memoryMiB: 768, diskGiB: 6 } },
          settings: { root: '/srv/bde' },
        },
      },
      networks: {
        lab: {
          cidr: '10.77.3.0/24',
          range: ['10.77.3.10', '10.77.3.200'],
          gateway: '10.77.3.1',
          dns: ['10.77.3.1'],
          addresses: 'static',
        },
        leased: {
          cidr: '10.77.3.0/24',
          range: ['10.77.3.201', '10.77.3.250'],
          gateway: null,
          dns: [],
          addresses: 'dhcp',
        },
      },
      caCertificates: ['/etc/ssl/corp.pem'],
      proxy: { http: null, https: 'http://proxy:3128', noProxy: ['10.0.0.0/8'] },
      mirror: { address: '10.77.3.1', port: 8443 },
      cookbooks: ['cookbooks', '/srv/cookbooks'],
      distros: ['distros'],
      repos: ['repos'],
      fix: { perHour: 3 },
    });
  });

  it('takes an empty object for a site that says nothing', () => {
    expect(parse('{}')).toEqual(EMPTY_SITE);
  });

  it.each([
    ['provider: vsphere\nproviders: {local: {}}', 'bde.yaml:1:11: no provider is called "vsphere"; there are local'],
    [
      'providers: {local: {network: lba}}\nnetworks: {lab: {cidr: 10.0.0.0/24}}',
      'bde.yaml:1:30: no network is called "lba"; there are lab',
    ],
    [
      'networks: {n: {cidr: 10.0.0.0/24, range: [10.0.1.1, 10.0.0.9]}}',
      'bde.yaml:1:43: 10.0.1.1 is no host address of 10.0.0.0/24',
    ],
    [
      'networks: {n: {cidr: 10.0.0.0/24, gateway: 10.0.0.255}}',
      'bde.yaml:1:44: 10.0.0.255 is no host address of 10.0.0.0/24',
    ],
    [
      'networks: {n: {cidr: 10.0.0.0/24, range: [10.0.0.9, 10.0.0.1]}}',
      'bde.yaml:1:42: the range 10.0.0.9 to 10.0.0.1 runs backwards',
    ],
    [
      'networks: {n: {cidr: 10.0.0.0/24, range: [10.0.0.1, 10.0.0.9], gateway: 10.0.0.5}}',
      'bde.yaml:1:42: the range 10.0.0.1 to 10.0.0.9 holds the gateway 10.0.0.5',
    ],
    [
      'networks: {a: {cidr: 10.0.0.0/16}, b: {cidr: 10.0.9.0/24}}',
      'bde.yaml:1:39: network b and network a share addresses',
    ],
    [
      'networks: {a: {cidr: 10.0.0.0}}',
      'bde.yaml:1:22: networks.a.cidr is "10.0.0.0"; allowed is an IPv4 network such as 10.77.3.0/24, with a prefix of 8 to 30',
    ],
    [
      'mirror: {address: 10.0.0.256}',
      'bde.yaml:1:19: mirror.address is "10.0.0.256"; allowed is an IPv4 address such as 10.77.3.10',
    ],
    ['mirror: {port: 0}', 'bde.yaml:1:16: mirror.port is 0; allowed is a port, 1 to 65535'],
  ])('refuses %j', (text, message) => {
    expect(messagesOf(() => parse(text))[0]).toMatch(message);
  });
});
