import { describe, expect, it } from 'vitest';
import { quoteShell } from '../../../src/cookbook/quote-shell.js';

describe('quoteShell', () => {
  it.each([
    ['', "''"],
    ['plain', "'plain'"],
    ["it's", "'it'\\''s'"],
    ['$(reboot) `id` "x"', '\'$(reboot) `id` "x"\''],
    ['two\nlines', "'two\nlines'"],
  ])('writes %j as one literal word', (value, expected) => {
    expect(quoteShell(value)).toBe(expected);
  });

  it('refuses a NUL, which no word can hold', () => {
    expect(() => quoteShell('a\0b')).toThrow(TypeError);
  });
});
