import { describe, expect, it } from 'vitest';
import { cookbookPage } from '../../../../src/cookbook/docs/cookbook-page.js';
import { makeCookbook } from '../cookbook-support.js';

const FILES = {
  'metadata.yaml': 'formatVersion: 1\nname: redis\nversion: "2.1.0"\nsummary: Redis servers\n',
  'attributes.yaml': [
    'port: { type: integer, minimum: 1, maximum: 65535, default: 6379, description: Where it listens }',
    'password: { type: string, secret: true, minLength: 8, description: Asked of clients }',
    'policy: { type: string, enum: [lru, lfu], default: lru }',
    'name: { type: string, pattern: "^a|b$" }',
    'peers: { type: array, items: { type: string }, default: [] }',
    'limits: { type: object, properties: { memory: { type: integer } } }',
    'settings: { type: object, additionalProperties: { type: string }, default: {} }',
    '',
  ].join('\n'),
  'roles/redis.yaml': [
    'summary: Redis server',
    'runList: ["redis::server"]',
    'requires: [clock]',
    'reads: [redis]',
    'cardinality: { min: 3, max: 7, quorum: true }',
    'ready: { scope: quorum, withinSeconds: 30, probe: { command: "redis-cli ping\\ntest {{attributes.port}}" } }',
    'ports: [{ name: redis, port: 6379, scheme: redis }]',
    'minimumMemoryMiB: 128',
    'facts: { token: { schema: { type: string }, secret: true, command: cat /token } }',
    'attributes: { redis: { policy: lfu } }',
    '',
  ].join('\n'),
  'recipes/server.yaml': [
    'resources:',
    '  - package: redis-server',
    '    notify: restart service[redis]',
    '  - service: redis',
    '',
  ].join('\n'),
};

const PAGE = `# redis 2.1.0

Redis servers.

## Attributes

Below \`redis\` in the \`configuration\` of a spec, of the cluster or of a node group.

| attribute | allowed | default | meaning |
| --- | --- | --- | --- |
| \`port\` | whole number, 1 to 65535 | \`6379\` | Where it listens |
| \`password\` | text, at least 8 characters, **secret** | none | Asked of clients |
| \`policy\` | text, \`lru\` or \`lfu\` | \`"lru"\` |  |
| \`name\` | text, matches \`^a\\|b$\` | none |  |
| \`peers\` | list of text | \`[]\` |  |
| \`limits\` | map | none |  |
| \`limits.memory\` | whole number | none |  |
| \`settings\` | map to text | \`{}\` |  |

## Roles

### redis

Redis server.

- Nodes: 3 to 7; a majority has to live, so an odd number is best
- Requires, ready before it: \`clock\`
- Reads nodes and facts of: \`redis\`
- Runs: \`redis::server\`
- Memory: at least 128 MiB

Ready once this succeeds on a majority of its nodes, within 30 s:

    redis-cli ping
    test {{attributes.port}}

Ports:

| port | name | protocol | scheme |
| --- | --- | --- | --- |
| 6379 | redis | tcp | redis |

Facts that its nodes export:

| fact | type | secret |
| --- | --- | --- |
| \`token\` | string | yes |

Attributes that it sets:

    {
      "redis": {
        "policy": "lfu"
      }
    }

## Recipes

### server

| resource | name | notifies |
| --- | --- | --- |
| package | \`redis-server\` | restart service[redis] |
| service | \`redis\` |  |
`;

describe('cookbookPage', () => {
  it('says what an operator has to know', () => {
    expect(cookbookPage(makeCookbook('redis', FILES))).toBe(PAGE);
  });

  it('leaves out what a cookbook does not have', () => {
    expect(cookbookPage(makeCookbook('empty', {}))).toBe(
      '# empty 1.0.0\n\nA cookbook of a test.\n\n## Attributes\n\nNone.\n',
    );
  });
});
