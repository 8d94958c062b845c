import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, plainWidth, toOneLine, toPlainLines } from '../../../src/report/plain-text.js';

describe('toOneLine', () => {
  it('drops escape sequences and joins lines with one space', () => {
    expect(toOneLine('\u001b[31mred\u001b[0m\r\n\tnext\u0000')).toBe('red next');
  });

  it('keeps the words between a sequence and a bell', () => {
    expect(toOneLine('a\u001b[2Jb\u0007c')).toBe('ab c');
  });

  it('drops characters that turn the direction of writing', () => {
    expect(toOneLine('a\u202eb')).toBe('a b');
  });

  it('never leaves a control character, whatever the text', () => {
    const text = fc.array(fc.integer({ min: 0, max: 0x2fff })).map((codes) => String.fromCharCode(...codes));

    fc.assert(
      fc.property(text, (raw) => {
        // eslint-disable-next-line no-control-regex -- they are what this is about
        expect(toOneLine(raw)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });
});

describe('toPlainLines', () => {
  it('keeps line breaks and indents', () => {
    expect(toPlainLines('a\r\n\tb\n   c\u0007')).toEqual(['a', '  b', '   c']);
  });
});

describe('clip', () => {
  it('leaves a text that fits as it is', () => {
    expect(clip('abcdef', 6)).toBe('abcdef');
  });

  it('ends a longer text with an ellipsis inside the width', () => {
    expect(clip('abcdef', 5)).toBe('abcd…');
  });

  it('leaves no blank before the ellipsis', () => {
    expect(clip('abc def', 5)).toBe('abc…');
  });

  it('gives nothing where there is no room', () => {
    expect(clip('abc', 0)).toBe('');
  });

  it('counts wide characters by the width it is given', () => {
    const widthOf = (text: string): number => plainWidth(text) * 2;

    expect(clip('日本語', 5, widthOf)).toBe('日本…');
  });
});
