import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/engine/redact-secrets.js';
import { Secret } from '../../../src/errors/secret.js';

describe('createRedactor', () => {
  it('takes each value out wherever it stands', () => {
    const redact = createRedactor([new Secret('hunter2!')]);

    expect(redact('a hunter2! b=hunter2!')).toBe('a [secret] b=[secret]');
  });

  it('finds a value of several lines by each of them', () => {
    const redact = createRedactor([new Secret('-----BEGIN-----\nabcdef\n-----END-----\n')]);

    expect(redact('+abcdef')).toBe('+[secret]');
  });

  it('takes a longer value before one that is a part of it', () => {
    const redact = createRedactor([new Secret('pass'), new Secret('password-1')]);

    expect(redact('password-1')).toBe('[secret]');
  });

  it('leaves values alone that are too short to be secrets', () => {
    expect(createRedactor([new Secret('a')])('banana')).toBe('banana');
  });

  it('leaves no value of four or more characters in any text', () => {
    const value = fc
      .string({ minLength: 4, maxLength: 30 })
      .filter((text) => text.trim().length >= 4 && !'[secret]'.includes(text.trim()));
    fc.assert(
      fc.property(value, fc.string(), fc.string(), (secret, before, after) => {
        const redacted = createRedactor([new Secret(secret)])(`${before}${secret}${after}`);

        expect(redacted.replaceAll('[secret]', '')).not.toContain(secret);
      }),
    );
  });
});
