import { describe, expect, it } from 'vitest';
import { makeCookbook } from '../cookbook-support.js';
import { findingsIn } from './lint-support.js';

const roleWith = (ports: string) => `summary: Demo\nrunList: []\nports: [${ports}]\n`;
const WEB = '{ name: http, port: 8080 }';
const other = makeCookbook('other', { 'roles/proxy.yaml': roleWith('{ name: public, port: 8080 }') });
const group = { roles: ['demo', 'proxy'], where: 'the group web of the spec x/y', severity: 'error' as const };
const distro = { roles: ['demo', 'proxy'], where: 'the distro x@1', severity: 'warning' as const };

describe('a port', () => {
  it('may not be that of another role of the same node', () => {
    const found = findingsIn({ 'roles/demo.yaml': roleWith(WEB) }, { others: [other], together: [distro, group] });

    expect(found).toEqual([
      'roles/demo.yaml:3:29 port-clash: the tcp port 8080 is that of proxy (public) too, and the group web of the spec x/y has both roles',
    ]);
  });

  it('may be that of a role that no node has with it', () => {
    const together = [
      { ...group, roles: ['demo'] },
      { ...group, roles: ['proxy'] },
    ];

    expect(findingsIn({ 'roles/demo.yaml': roleWith(WEB) }, { others: [other], together })).toEqual([]);
  });

  it('may be the same number of another protocol', () => {
    const files = { 'roles/demo.yaml': roleWith('{ name: http, port: 8080, protocol: udp }') };

    expect(findingsIn(files, { others: [other], together: [group] })).toEqual([]);
  });

  it('is told once for a pair of one cookbook', () => {
    const files = { 'roles/demo.yaml': roleWith(WEB), 'roles/proxy.yaml': roleWith(WEB) };

    expect(findingsIn(files, { together: [distro] })).toEqual([
      'roles/proxy.yaml:3:29 port-clash: the tcp port 8080 is that of demo (http) too, and the distro x@1 has both roles',
    ]);
  });

  it('is the one that attributes make of it, as defaults and roles set them', () => {
    const files = {
      'attributes.yaml': 'port: { type: integer, default: 8080 }\n',
      'roles/demo.yaml': roleWith('{ name: http, port: "{{attributes.port}}" }'),
    };
    const moved = { ...files, 'roles/demo.yaml': `${files['roles/demo.yaml']}attributes: { demo: { port: 9090 } }\n` };

    expect(findingsIn(files, { others: [other], together: [group] })).toEqual([
      'roles/demo.yaml:3:29 port-clash: the tcp port 8080 is that of proxy (public) too, and the group web of the spec x/y has both roles',
    ]);
    expect(findingsIn(moved, { others: [other], together: [group] })).toEqual([]);
  });

  it('names attributes that are declared, and nothing else', () => {
    expect(findingsIn({ 'roles/demo.yaml': roleWith('{ name: http, port: "{{attributes.port}}" }') })).toEqual([
      'roles/demo.yaml:3:32 unknown-attribute: "attributes.port" is declared nowhere in attributes.yaml',
    ]);
    expect(findingsIn({ 'roles/demo.yaml': roleWith('{ name: http, port: "{{node.ordinal}}" }') })).toEqual([
      'roles/demo.yaml:3:32 unknown-variable: "node.ordinal" is nothing that a template sees',
    ]);
  });

  it('may not be there twice in one role', () => {
    expect(findingsIn({ 'roles/demo.yaml': roleWith(`${WEB}, { name: again, port: 8080 }`) })).toEqual([
      'roles/demo.yaml:3:58 port-clash: the tcp port 8080 is there twice',
    ]);
  });
});
