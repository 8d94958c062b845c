import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../../src/spec/document/parse-document.js';
import { parseSite } from '../../../../src/spec/site/parse-site.js';
import { toStaticSettings } from '../../../../src/spec/site/static-settings.js';
import { messagesOf } from '../spec-builders.js';

const parse = (text: string) => parseSite(parseDocument(text, 'bde.yaml'));

describe('a static provider of a site', () => {
  it('puts what is said for all hosts into each that does not say otherwise', () => {
    const site = parse(`
mirror: { address: 10.0.0.1 }
providers:
  metal:
    kind: static
    settings:
      user: bde
      sudo: true
      jump: olga@bastion,inner:2222
      hosts:
        - { address: 10.0.0.7, rack: r1 }
        - { address: 10.0.0.8, user: root, sudo: false, jump: [] }
`);

    expect(toStaticSettings(site.providers['metal']?.settings ?? {}).hosts).toEqual([
      { address: '10.0.0.7', rack: 'r1', user: 'bde', sudo: true, jump: ['olga@bastion', 'inner:2222'] },
      { address: '10.0.0.8', user: 'root', sudo: false, jump: [] },
    ]);
  });

  it('tells everything that is wrong with its settings, each at its place', () => {
    const text = `
mirror: { address: 10.0.0.1 }
providers:
  metal:
    kind: static
    settings:
      hosts:
        - { address: 10.0.0.777, sodu: true }
        - { port: 70000 }
        - { address: 10.0.0.8, sudo: { password: secret } }
`;

    expect(messagesOf(() => parse(text))).toEqual([
      'bde.yaml:8:22: providers.metal.settings.hosts[0].address is "10.0.0.777"; allowed is an IPv4 address such as 10.77.3.10',
      'bde.yaml:8:34: providers.metal.settings.hosts[0] has no field "sodu"',
      'bde.yaml:9:11: providers.metal.settings.hosts[1] lacks the field "address"',
      'bde.yaml:9:19: providers.metal.settings.hosts[1].port is 70000; allowed is a port, 1 to 65535',
      'bde.yaml:10:38: providers.metal.settings.hosts[2].sudo is an object; allowed is true, false, or an object with "passwordFile"',
    ]);
  });

  it('refuses the same host twice, and a site that does not say where the mirror is', () => {
    const text = `
providers:
  metal:
    kind: static
    settings: { hosts: [{ address: 10.0.0.7, name: db }, { address: 10.0.0.7, name: db }] }
`;

    expect(messagesOf(() => parse(text))).toEqual([
      expect.stringContaining('the address 10.0.0.7 is another host’s already'.replace('’', "'")),
      expect.stringContaining("the name db is another host's already"),
      expect.stringContaining('its hosts find the package mirror at "mirror.address", which this file lacks'),
    ]);
  });
});
