import { describe, expect, it } from 'vitest';
import { dataRequestOf } from '../../../src/cli/data-flags.js';

describe('dataRequestOf', () => {
  it('takes folders from repeated flags and from lists with colons', () => {
    const request = dataRequestOf({ cookbooks: ['/a:/b', 'c'], distros: ['d'], repos: ['r:s'], site: 'bde.yaml' });

    expect(request).toEqual({ cookbooks: ['/a', '/b', 'c'], distros: ['d'], repos: ['r', 's'], site: 'bde.yaml' });
  });

  it('takes the one text that the environment gives', () => {
    const fromEnvironment = '/a::/b:' as unknown as string[];

    expect(dataRequestOf({ cookbooks: fromEnvironment }).cookbooks).toEqual(['/a', '/b']);
  });

  it('names nothing where nothing was said', () => {
    expect(dataRequestOf({})).toEqual({ cookbooks: [], distros: [], repos: [], site: undefined });
  });
});
