import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/errors/secret.js';
import { quoteShell } from '../../../src/cookbook/quote-shell.js';
import {
  encodeTokens,
  fillSecrets,
  hasSecretToken,
  maskSecrets,
  secretNames,
  secretToken,
} from '../../../src/cookbook/secret-token.js';
import { errorOf } from './cookbook-support.js';

const values = (entries: Readonly<Record<string, string>>) =>
  new Map(Object.entries(entries).map(([name, value]) => [name, new Secret(value)]));

describe('secretToken', () => {
  it('survives quoting as it is', () => {
    const token = secretToken("cluster.a b'c/ü");

    const quoted = quoteShell(token);

    expect(quoted).toBe(`'${token}'`);
  });

  it('is found again under its name, each once', () => {
    const text = `x ${secretToken('b')} ${secretToken("a ' b")} ${secretToken('b')}`;

    const names = secretNames(text);

    expect(names).toEqual(["a ' b", 'b']);
  });

  it('is told from texts that only look like it', () => {
    expect(hasSecretToken('@@bde-secret: x@@ and @@bde-secret@@')).toBe(false);
  });
});

describe('fillSecrets', () => {
  it('puts a value into its single-quoted literal', () => {
    const script = `printf %s ${quoteShell(`key=${secretToken('k')}`)}`;

    const filled = fillSecrets(script, values({ k: "it's $(x)" }));

    expect(filled.reveal()).toBe("printf %s 'key=it'\\''s $(x)'");
  });

  it('does not look for placeholders inside of values', () => {
    const filled = fillSecrets(secretToken('a'), values({ a: secretToken('b'), b: 'leaked' }));

    expect(filled.reveal()).toBe(secretToken('b'));
  });

  it('encodes a value as the helper around its placeholder asked', () => {
    const script = encodeTokens(`{"p": "${secretToken('p')}"}`, 'json');

    const filled = fillSecrets(script, values({ p: 'a "b"\n\\' }));

    expect(filled.reveal()).toBe('{"p": "a \\"b\\"\\n\\\\"}');
  });

  it('gives a value that prints nothing of itself', () => {
    const filled = fillSecrets(secretToken('a'), values({ a: 'hunter2' }));

    expect(String(filled)).toBe('[secret]');
  });

  it('names the secret that the store lacks', () => {
    const error = errorOf(() => fillSecrets(secretToken('zk.password'), new Map()));

    expect(error.code).toBe('STATE_INVALID');
    expect(error.message).toBe('The script needs the secret "zk.password", which is not in the store');
  });
});

describe('maskSecrets', () => {
  it('puts the HMAC in the place of a value, with its encodings', () => {
    const text = `a ${encodeTokens(secretToken('k'), 'sh')} b`;

    const masked = maskSecrets(text, (name) => `mac-of-${name}`);

    expect(masked).toBe('a hmac|sh:mac-of-k b');
  });
});
