import { describe, expect, it } from 'vitest';
import { parseCookbooks } from '../../../src/engine/parse-cookbooks.js';
import { takeSecretsOut } from '../../../src/engine/take-secrets-out.js';
import { cookbook, sampleRequest } from './sample-cluster.js';

const VAULT = cookbook('vault', {
  'attributes.yaml':
    'password: { type: string, secret: true, description: x }\nport: { type: integer, description: y }\n',
});

describe('takeSecretsOut', () => {
  it('leaves placeholders in every layer and gives the values by layer and path', () => {
    const { cookbooks } = parseCookbooks([VAULT]);
    const { resolved } = sampleRequest({ configuration: { vault: { password: 'one', port: 1 } } });
    const groups = resolved.groups.map((group) => ({ ...group, configuration: { vault: { password: 'two' } } }));

    const { cluster, secrets } = takeSecretsOut({ ...resolved, groups }, cookbooks);

    expect(cluster.configuration).toEqual({ vault: { password: '@@bde-secret:cluster.vault.password@@', port: 1 } });
    expect(cluster.groups[0]?.configuration).toEqual({
      vault: { password: '@@bde-secret:group.a.vault.password@@' },
    });
    expect([...secrets].map(([name, value]) => [name, value.reveal()])).toEqual([
      ['group.a.vault.password', 'two'],
      ['cluster.vault.password', 'one'],
    ]);
  });
});
