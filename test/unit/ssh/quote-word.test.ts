import { describe, expect, it } from 'vitest';
import { quoteInLine, quoteWord } from '../../../src/ssh/quote-word.js';

describe('quoteWord', () => {
  it.each([
    ['plain', `'plain'`],
    ['', `''`],
    ['$(x) `y` "z" \\', `'$(x) \`y\` "z" \\'`],
    [`it's`, `'it'\\''s'`],
    ['a\nb', `'a\nb'`],
  ])('makes %j one literal', (word, literal) => {
    expect(quoteWord(word)).toBe(literal);
  });

  it('refuses a NUL, which no argument can hold', () => {
    expect(() => quoteWord('a\0b')).toThrow(TypeError);
  });
});

describe('quoteInLine', () => {
  it('gives one line for words with newlines', () => {
    expect(quoteInLine(`a\nb's\n`)).toBe(`'a'"$bde_nl"'b'\\''s'"$bde_nl"''`);
  });
});
