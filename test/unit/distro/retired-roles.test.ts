import { describe, expect, it } from 'vitest';
import { findRetired, parseRetiredRoles } from '../../../src/distro/retired-roles.js';
import { parseDocument } from '../../../src/spec/document/parse-document.js';

const parse = (value: unknown) => parseRetiredRoles(parseDocument(JSON.stringify(value), 'retired-roles.json'));

describe('findRetired', () => {
  const retired = parse([
    { pattern: 'old_web', product: 'Old', reason: 'it ended', use: 'web' },
    { pattern: 'old_.*', product: 'Old', reason: 'it ended' },
  ]);

  it('gives the first entry that a whole name matches', () => {
    expect(findRetired('old_web', retired)?.use).toBe('web');
    expect(findRetired('old_db', retired)?.use).toBeUndefined();
    expect(findRetired('my_old_web', retired)).toBeUndefined();
    expect(findRetired('old_web_x', retired)?.use).toBeUndefined();
  });
});

describe('parseRetiredRoles', () => {
  it('refuses a field that is not known', () => {
    expect(() => parse([{ pattern: 'a', product: 'b', reason: 'c', instead: 'd' }])).toThrow(
      expect.objectContaining({ code: 'FIELD_UNKNOWN' }),
    );
  });

  it('refuses a pattern that is no expression', () => {
    expect(() => parse([{ pattern: '(', product: 'b', reason: 'c' }])).toThrow(
      'retired-roles.json:1:13: "(" is no regular expression',
    );
  });
});
