import { describe, expect, it } from 'vitest';
import { errorOf, makeCookbook } from './cookbook-support.js';

const roleOf = (text: string) => {
  const definition = makeCookbook('demo', { 'roles/master.yaml': text }).roles['master'];
  if (definition === undefined) throw new Error('no role');
  return definition;
};

describe('a role file', () => {
  it('fills in what it leaves out', () => {
    expect(roleOf('summary: Master\nrunList: []\n').role).toEqual({
      name: 'master',
      cookbook: 'demo',
      summary: 'Master',
      requires: [],
      reads: [],
      runList: [],
      cardinality: { min: 1, max: null, quorum: false },
      ready: null,
      ports: [],
      minimumMemoryMiB: 0,
      acceptance: null,
      membership: { join: null, leave: null, drain: null, undrain: null, remove: null },
      data: null,
      update: { maxUnavailable: { count: 1 }, leader: null },
      facts: {},
    });
  });

  it('holds what it says', () => {
    const { role } = roleOf(`
summary: Master
requires: [zookeeper]
reads: [master]
runList: ["demo::common", "demo::master"]
cardinality: { min: 3, max: 7, quorum: true }
ready: { scope: quorum, withinSeconds: 60, probe: { command: "curl {{node.address}}" } }
ports: [{ name: http, port: 5050, scheme: http }]
minimumMemoryMiB: 256
acceptance: { command: "true", timeoutSeconds: 30 }
facts: { token: { schema: { type: string }, secret: true, command: "cat /x" } }
`);

    expect(role.cardinality).toEqual({ min: 3, max: 7, quorum: true });
    expect(role.ready).toEqual({
      scope: 'quorum',
      withinSeconds: 60,
      probe: { command: 'curl {{node.address}}', timeoutSeconds: 10 },
    });
    expect(role.ports).toEqual([{ name: 'http', port: 5050, protocol: 'tcp', scheme: 'http' }]);
    expect(role.acceptance).toEqual({ command: 'true', timeoutSeconds: 30 });
    expect(role.facts).toEqual({ token: { schema: { type: 'string' }, secret: true, command: 'cat /x' } });
  });

  it('holds how members come and go', () => {
    const { role, commands } = roleOf(`
summary: Member
runList: []
join: { command: "let-in {{node.address}}" }
leave: { command: let-out, timeoutSeconds: 30 }
remove: { runList: ["demo::remove"] }
update: { maxUnavailable: "25%", leader: { command: leads } }
`);

    expect(role.membership).toEqual({
      join: { command: 'let-in {{node.address}}', timeoutSeconds: 120 },
      leave: { command: 'let-out', timeoutSeconds: 30 },
      drain: null,
      undrain: null,
      remove: ['demo::remove'],
    });
    expect(role.update).toEqual({
      maxUnavailable: { percent: 25 },
      leader: { command: 'leads', timeoutSeconds: 10 },
    });
    expect(commands.drain).toBeNull();
    expect(commands.join).not.toBeNull();
  });

  it('holds how its data is taken and put back', () => {
    const { role } = roleOf(`
summary: Store
runList: []
backup: { scope: each, runList: ["demo::backup"] }
restore: { runList: ["demo::stop", "demo::restore"] }
`);

    expect(role.data).toEqual({ scope: 'each', backup: ['demo::backup'], restore: ['demo::stop', 'demo::restore'] });
  });

  it.each([
    ['backup: { scope: any, runList: ["demo::b"] }', 'the file has the field "backup" and lacks "restore"'],
    ['restore: { runList: ["demo::r"] }', 'the file has the field "restore" and lacks "backup"'],
  ])('that says %s has to say the other half', (text, message) => {
    expect(errorOf(() => roleOf(`summary: Store\nrunList: []\n${text}\n`)).message).toContain(message);
  });

  it('knows where its attributes stand', () => {
    const definition = roleOf('summary: x\nrunList: []\nattributes:\n  demo:\n    heapMiB: 12\n');

    expect(definition.attributes).toEqual({ demo: { heapMiB: 12 } });
    expect(definition.attributePlace(['demo', 'heapMiB'])).toBe('cookbooks/demo/roles/master.yaml:5:14');
  });

  it.each([
    ['runList: ["demo"]', 'runList[0] is "demo"; allowed is cookbook::recipe'],
    [
      'runList: []\nready: { scope: all, probe: { command: x } }',
      'ready.scope is "all"; allowed is "each", "quorum", "any"',
    ],
    [
      'runList: []\nports: [{ name: a, port: 70000 }]',
      'ports[0].port is 70000; allowed is a port from 1 to 65535, or a template',
    ],
    ['runList: []\nupdate: { maxUnavailable: "150%" }', 'update.maxUnavailable is "150%"'],
    ['runList: []\nupdate: { maxUnavailable: 0 }', 'update.maxUnavailable is 0'],
    ['runList: []\nremove: { runList: [] }', 'remove.runList'],
    ['runList: []\nrequired: [a]', 'has no field "required"; did you mean "requires"?'],
  ])('refuses %j', (text, expected) => {
    expect(errorOf(() => roleOf(`summary: x\n${text}\n`)).message).toContain(expected);
  });

  it('refuses a malformed template in a probe', () => {
    const error = errorOf(() => roleOf('summary: x\nrunList: []\nacceptance: { command: "{{frob 1}}" }\n'));

    expect(error.message).toMatch(/^cookbooks\/demo\/roles\/master\.yaml:3:\d+: there is no helper "frob"/);
  });
});
