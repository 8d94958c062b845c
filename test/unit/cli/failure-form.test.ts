import { describe, expect, it } from 'vitest';
import { failureFormOf } from '../../../src/cli/failure-form.js';

describe('failureFormOf', () => {
  it('is text without stack traces by default', () => {
    expect(failureFormOf(['cluster', 'list'], {})).toEqual({ json: false, debug: false });
  });

  it('sees the flags wherever they stand', () => {
    expect(failureFormOf(['cluster', '--json', 'list', '--debug'], {})).toEqual({ json: true, debug: true });
  });

  it('leaves flags behind -- to the remote command', () => {
    expect(failureFormOf(['cluster', 'exec', 'a', '--', 'ls', '--json', '--debug'], {})).toEqual({
      json: false,
      debug: false,
    });
  });

  it.each([
    ['1', true],
    ['true', true],
    ['YES', true],
    ['0', false],
    ['', false],
  ])('takes BDE_DEBUG=%j for %s', (value, debug) => {
    expect(failureFormOf([], { BDE_DEBUG: value }).debug).toBe(debug);
  });
});
