import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { cookbookLayer } from '../../../src/cookbook/attribute-layers.js';
import { generateSecret } from '../../../src/cookbook/generate-secret.js';
import { wantedSecrets } from '../../../src/cookbook/generated-secrets.js';
import { secretToken } from '../../../src/cookbook/secret-token.js';
import type { ValueSchema } from '../../../src/cookbook/value-schema.js';
import { errorOf, makeCookbook } from './cookbook-support.js';

const COOKBOOK = makeCookbook('vault', {
  'attributes.yaml': `
password: { type: string, secret: true, generate: { length: 32 } }
token: { type: string, secret: true }
store: { type: object, properties: { key: { type: string, secret: true, generate: { bytes: 16 } } } }
`,
});

describe('attributes that bde makes', () => {
  it('stand in the layer of cookbooks as placeholders, those inside of maps too', () => {
    expect(cookbookLayer([COOKBOOK]).values).toEqual({
      vault: {
        password: secretToken('generated.vault.password'),
        store: { key: secretToken('generated.vault.store.key') },
      },
    });
  });

  it('are wanted where the configuration of the cluster does not give them', () => {
    const names = (configuration: object) =>
      wantedSecrets([COOKBOOK], configuration as Parameters<typeof wantedSecrets>[1]).map(({ name }) => name);

    expect(names({})).toEqual(['generated.vault.password', 'generated.vault.store.key']);
    expect(names({ vault: { password: 'x', store: {} } })).toEqual(['generated.vault.store.key']);
    expect(names({ vault: { store: { key: 'x' } } })).toEqual(['generated.vault.password']);
  });
});

const secret = (more: Partial<ValueSchema>): ValueSchema => ({ type: 'string', secret: true, ...more });

/** Bytes one after the other, so that what is drawn can be told. */
const counting = (): ((count: number) => Uint8Array) => {
  let next = 0;
  return (count) => Uint8Array.from({ length: count }, () => next++ % 256);
};

describe('generateSecret', () => {
  it.each([
    [{ length: 8 }, /^[A-Za-z0-9]{8}$/],
    [{ length: 12, alphabet: 'hex' }, /^[0-9a-f]{12}$/],
    [{ length: 9, alphabet: 'digits' }, /^[0-9]{9}$/],
    [{ bytes: 10 }, /^[A-Za-z0-9+/]{14}==$/],
    [{ bytes: 10, encoding: 'base64url' }, /^[A-Za-z0-9_-]{14}$/],
    [{ bytes: 10, encoding: 'hex' }, /^[0-9a-f]{20}$/],
  ] as const)('makes a value of %j', (generate, form) => {
    expect(generateSecret(secret({ generate }), counting())).toMatch(form);
  });

  it('throws bytes away that would make some signs likelier than others', () => {
    const bytes = [255, 250, 249, 0, 248, 1, 2, 3, 4, 5, 6, 7];

    const value = generateSecret(secret({ generate: { length: 8, alphabet: 'digits' } }), (count) =>
      Uint8Array.from(bytes.splice(0, count)),
    );

    expect(value).toBe('90812345');
  });

  it('makes values until one fits the pattern, and none where none can', () => {
    const generate = { length: 8 };

    expect(generateSecret(secret({ generate, pattern: '^[0-9]' }), counting())).toMatch(/^[0-9]/);
    expect(generateSecret(secret({ generate, pattern: '^!' }), counting())).toBeNull();
    expect(generateSecret(secret({ generate, maxLength: 7 }), counting())).toBeNull();
    expect(generateSecret(secret({}), counting())).toBeNull();
  });

  it('makes a value of the asked length of whatever bytes there are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 64 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
        (length, stream) => {
          const random = (count: number): Uint8Array => Uint8Array.from([...stream.take(count)]);

          expect(generateSecret(secret({ generate: { length } }), random)).toHaveLength(length);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('generate in attributes.yaml', () => {
  const problemOf = (attributes: string): string =>
    errorOf(() => makeCookbook('demo', { 'attributes.yaml': `${attributes}\n` })).message;
  const PLACE = 'cookbooks/demo/attributes.yaml:1';

  it.each([
    [
      'a: { type: string, generate: { length: 8 } }',
      `${PLACE}:20: generate is for secrets; write secret: true beside it`,
    ],
    ['a: { type: string, secret: true, generate: {} }', `${PLACE}:34: generate needs one of length, bytes`],
    [
      'a: { type: string, secret: true, generate: { length: 8, bytes: 8 } }',
      `${PLACE}:34: generate needs one of length, bytes`,
    ],
    [
      'a: { type: string, secret: true, generate: { length: 8, encoding: hex } }',
      `${PLACE}:34: generate has length with alphabet, or bytes with encoding`,
    ],
    [
      'a: { type: string, secret: true, default: xxxxxxxx, generate: { length: 8 } }',
      `${PLACE}:53: generate and a default cannot stand side by side`,
    ],
    [
      'a: { type: string, secret: true, minLength: 12, generate: { length: 8 } }',
      `${PLACE}:49: generate makes no value that the limits beside it allow (enum, pattern, minLength, maxLength)`,
    ],
    [
      'a: { type: object, default: {}, properties: { b: { type: string, secret: true, generate: { length: 8 } } } }',
      `${PLACE}:80: generate is never asked for: a map around it has a default of its own`,
    ],
  ])('is refused in %j', (attributes, message) => {
    expect(problemOf(attributes)).toBe(message);
  });

  it.each([
    'a: { type: array, items: { type: string, secret: true, generate: { length: 8 } } }',
    'a: { type: object, additionalProperties: { type: string, secret: true, generate: { length: 8 } } }',
  ])('is no field of what is in a list or under free keys: %s', (attributes) => {
    expect(problemOf(attributes)).toContain('has no field "generate"');
  });
});
