import { describe, expect, it } from 'vitest';
import { cookbookLayer, findRole, roleLayers, rolesByName } from '../../../src/cookbook/attribute-layers.js';
import { checkAttributes } from '../../../src/cookbook/check-attributes.js';
import { secretToken } from '../../../src/cookbook/secret-token.js';
import { separateSecrets } from '../../../src/cookbook/separate-secrets.js';
import { makeCookbook } from './cookbook-support.js';

const COOKBOOK = makeCookbook('demo', {
  'attributes.yaml': `
heapMiB: { type: integer, minimum: 32, default: 64 }
password: { type: string, secret: true }
limits: { type: object, properties: { files: { type: integer, default: 1024 }, core: { type: integer } } }
users: { type: array, items: { type: object, properties: { name: { type: string }, token: { type: string, secret: true } } } }
flags: { type: object, additionalProperties: { type: string }, default: {} }
`,
  'roles/master.yaml': 'summary: x\nrunList: []\nattributes: { demo: { heapMiB: 256 } }\n',
  'roles/slave.yaml': 'summary: x\nrunList: []\n',
});

describe('attribute layers', () => {
  it('have the defaults of cookbooks, those inside of maps too', () => {
    const layer = cookbookLayer([COOKBOOK]);

    expect(layer.values).toEqual({ demo: { heapMiB: 64, limits: { files: 1024 }, flags: {} } });
    expect(layer.placeOf(['demo', 'heapMiB'])).toBe('cookbooks/demo/attributes.yaml:2:49');
  });

  it('have what the roles of a node say, in the order given', () => {
    const layers = roleLayers([COOKBOOK], ['slave', 'master', 'stranger']);

    expect(layers.map(({ name, values }) => [name, values])).toEqual([
      ['role', {}],
      ['role', { demo: { heapMiB: 256 } }],
    ]);
  });

  it('find roles whichever cookbook has them', () => {
    expect([...rolesByName([COOKBOOK]).keys()]).toEqual(['master', 'slave']);
    expect(findRole([COOKBOOK], 'slave')?.role.cookbook).toBe('demo');
    expect(findRole([COOKBOOK], 'toString')).toBeUndefined();
  });
});

describe('checkAttributes', () => {
  it('finds nothing in what the cookbooks declare', () => {
    expect(checkAttributes([COOKBOOK], { demo: { heapMiB: 32, flags: { a: 'b' } } })).toEqual([]);
  });

  it.each([
    [{ dmo: {} }, ['dmo'], 'key', 'FIELD_UNKNOWN', 'there is no cookbook "dmo"; did you mean "demo"?'],
    [
      { demo: { heapMib: 1 } },
      ['demo', 'heapMib'],
      'key',
      'FIELD_UNKNOWN',
      'the attribute demo.heapMib is not known; did you mean "heapMiB"?',
    ],
    [
      { demo: { heapMiB: '1' } },
      ['demo', 'heapMiB'],
      'value',
      'FIELD_INVALID',
      'the attribute demo.heapMiB is "1"; allowed is a whole number',
    ],
    [
      { demo: { limits: { files: 'x' } } },
      ['demo', 'limits', 'files'],
      'value',
      'FIELD_INVALID',
      'the attribute demo.limits.files is "x"; allowed is a whole number',
    ],
    [{ demo: 3 }, ['demo'], 'value', 'FIELD_INVALID', 'the attribute demo is 3; allowed is a map'],
    [
      { demo: { flags: { a: secretToken('ssh-key') } } },
      ['demo', 'flags', 'a'],
      'value',
      'FIELD_INVALID',
      'the attribute demo.flags.a looks like the placeholder of a secret',
    ],
  ])('finds what is wrong with %j', (attributes, ...[path, part, code, message]) => {
    const [problem] = checkAttributes([COOKBOOK], attributes);

    expect(problem).toMatchObject({ path, part, code, message });
  });
});

describe('checkAttributes of a secret', () => {
  const VAULT = makeCookbook('vault', {
    'attributes.yaml':
      'password: { type: string, secret: true, minLength: 12, pattern: "^[a-z]+$", enum: [aaaaaaaaaaaa] }\n',
  });

  it.each(['hunter2', 31337, ['hunter2']])('shows nothing of the value %j', (password) => {
    const problems = checkAttributes([VAULT], { vault: { password } });

    expect(problems).not.toEqual([]);
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|31337/);
    expect(problems[0]?.message).toContain('the attribute vault.password is a secret of another form; allowed is ');
  });
});

describe('separateSecrets', () => {
  it('takes out the values that are declared secret, at any depth', () => {
    const separated = separateSecrets(
      [COOKBOOK],
      { demo: { heapMiB: 32, password: 'hunter2', users: [{ name: 'a', token: 't' }] } },
      (path) => `cluster.${path.join('.')}`,
    );

    expect(separated.attributes).toEqual({
      demo: {
        heapMiB: 32,
        password: secretToken('cluster.demo.password'),
        users: [{ name: 'a', token: secretToken('cluster.demo.users.0.token') }],
      },
    });
    expect([...separated.secrets].map(([name, value]) => [name, value.reveal()])).toEqual([
      ['cluster.demo.password', 'hunter2'],
      ['cluster.demo.users.0.token', 't'],
    ]);
  });

  it('leaves attributes of unknown cookbooks as they are', () => {
    expect(separateSecrets([], { other: { a: 1 } }, () => 'x').attributes).toEqual({ other: { a: 1 } });
  });
});
