import { describe, expect, it } from 'vitest';
import { compileRun } from '../../../src/cookbook/compile-run.js';
import { knownPorts, renderPorts } from '../../../src/cookbook/render-ports.js';
import { compileInput, errorOf, makeCookbook, recipeCookbook } from './cookbook-support.js';

const PORTS = 'ports: [{ name: http, port: "{{attributes.http.port}}" }, { name: peers, port: 7000, protocol: udp }]';

const roleOf = (ports: string) => {
  const role = makeCookbook('demo', { 'roles/demo.yaml': `summary: x\nrunList: []\n${ports}\n` }).roles['demo'];
  if (role === undefined) throw new Error('the role is missing');
  return role;
};
const withPort = (port: number | string) => ({ demo: { http: { port } } });

describe('renderPorts', () => {
  it('gives each port as the attributes of its cookbook have it', () => {
    expect(renderPorts(roleOf(PORTS), withPort(9090))).toEqual([
      { name: 'http', port: 9090, protocol: 'tcp', scheme: null },
      { name: 'peers', port: 7000, protocol: 'udp', scheme: null },
    ]);
  });

  it('counts with helpers', () => {
    const role = roleOf('ports: [{ name: admin, port: "{{add attributes.http.port 1}}" }]');

    expect(renderPorts(role, withPort(8080))[0]?.port).toBe(8081);
  });

  it.each([0, 65_536, -1, 'http', '80 '])('refuses %j, at the place of the port', (port) => {
    expect(errorOf(() => renderPorts(roleOf(PORTS), withPort(port)))).toMatchObject({
      code: 'RENDER_FAILED',
      message: `cookbooks/demo/roles/demo.yaml:3:30: gives ${JSON.stringify(String(port))}, which is no port`,
    });
  });

  it('sees attributes and nothing else', () => {
    const role = roleOf('ports: [{ name: a, port: "{{node.ordinal}}" }]');

    expect(errorOf(() => renderPorts(role, {})).message).toContain('"node.ordinal" is missing');
  });
});

describe('knownPorts', () => {
  it('gives none while an attribute that they are made of is missing', () => {
    expect(knownPorts(roleOf(PORTS), {})).toEqual([]);
    expect(knownPorts(roleOf(PORTS), withPort(1))).toHaveLength(2);
  });
});

describe('a firewall', () => {
  const files = { 'roles/demo.yaml': `summary: x\nrunList: ["demo::main"]\n${PORTS}\n` };
  const compiled = (port: number) =>
    compileRun(compileInput({ attributes: withPort(port) }), [recipeCookbook('  - firewall: node\n', files)]);

  it('follows the attribute that moves a port', () => {
    const [before, after] = [compiled(8080), compiled(9090)];

    expect(before.script).toContain('8080');
    expect(after.script).toContain('9090');
    expect(after.script).not.toContain('8080');
    expect(after.digest).not.toBe(before.digest);
  });
});

describe('a run list', () => {
  it('is refused where a port of its role is none, firewall or not', () => {
    const files = { 'roles/demo.yaml': `summary: x\nrunList: ["demo::main"]\n${PORTS}\n` };

    const error = errorOf(() => compileRun(compileInput(), [recipeCookbook('  - file: /x\n    content: x\n', files)]));

    expect(error.message).toContain('"attributes.http.port" is missing');
  });
});
