import { describe, expect, it } from 'vitest';
import { identityPath } from '../../../src/identity/identity-path.js';

describe('identityPath', () => {
  it('is below /etc for root', () => {
    expect(identityPath({ override: undefined, isRoot: true, homeFolder: '/root' })).toBe('/etc/bde/identity');
  });

  it('is below the home folder for anyone else', () => {
    const path = identityPath({ override: undefined, isRoot: false, homeFolder: '/home/ann' });

    expect(path).toBe('/home/ann/.config/bde/identity');
  });

  it('is what BDE_IDENTITY names, made absolute', () => {
    const path = identityPath({ override: '/mnt/stick/../key', isRoot: true, homeFolder: '/root' });

    expect(path).toBe('/mnt/key');
  });

  it('takes an empty BDE_IDENTITY for none', () => {
    expect(identityPath({ override: '', isRoot: true, homeFolder: '/root' })).toBe('/etc/bde/identity');
  });
});
