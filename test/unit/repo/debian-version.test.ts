import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDebianVersion } from '../../../src/repo/build/debian-version.js';

describe('parseDebianVersion', () => {
  it.each([
    ['3.8.0-11+deb12u2', { epoch: 0, version: '3.8.0', release: '11+deb12u2' }],
    ['1:4.1.48-7+deb12u2', { epoch: 1, version: '4.1.48', release: '7+deb12u2' }],
    ['17.0.21+9-1~deb12u1', { epoch: 0, version: '17.0.21+9', release: '1~deb12u1' }],
    ['1.0-beta-2-1', { epoch: 0, version: '1.0_beta_2', release: '1' }],
    ['20230311', { epoch: 0, version: '20230311', release: '0' }],
  ])('reads %s', (text, expected) => {
    expect(parseDebianVersion(text)).toEqual(expected);
  });

  it('leaves no hyphen in what RPM would part at one', () => {
    const upstream = fc.stringMatching(/^[0-9][A-Za-z0-9.+~-]{0,15}$/);

    fc.assert(
      fc.property(fc.nat(9), upstream, fc.stringMatching(/^[A-Za-z0-9.+~]{1,9}$/), (epoch, version, revision) => {
        const parsed = parseDebianVersion(`${epoch}:${version}-${revision}`);

        expect(parsed).toEqual({ epoch, version: version.replaceAll('-', '_'), release: revision });
      }),
    );
  });
});
