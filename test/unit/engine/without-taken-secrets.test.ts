import { describe, expect, it } from 'vitest';
import { secretToken } from '../../../src/cookbook/secret-token.js';
import { withoutTakenSecrets } from '../../../src/engine/without-taken-secrets.js';

describe('withoutTakenSecrets', () => {
  it('leaves out placeholders at their own places, in maps, lists and groups', () => {
    const cluster = {
      configuration: {
        web: {
          port: 80,
          password: secretToken('cluster.web.password'),
          keys: [secretToken('cluster.web.keys.0'), 'open'],
          inner: { token: secretToken('cluster.web.inner.token'), name: 'x' },
        },
      },
      groups: [{ name: 'a', configuration: { web: { password: secretToken('group.a.web.password') } } }],
    };

    expect(withoutTakenSecrets(cluster)).toEqual({
      configuration: { web: { port: 80, keys: ['open'], inner: { name: 'x' } } },
      groups: [{ name: 'a', configuration: { web: {} } }],
    });
  });

  it('keeps the placeholder of another secret, for it was put there', () => {
    const cluster = {
      configuration: { web: { greeting: secretToken('cluster.web.password') } },
      groups: [{ name: 'a', configuration: { web: { password: secretToken('cluster.web.password') } } }],
    };

    expect(withoutTakenSecrets(cluster)).toEqual(cluster);
  });
});
