import { describe, expect, it } from 'vitest';
import { isVersionOf } from '../../../src/cookbook/resources/wanted-package.js';

describe('a version of a package', () => {
  it.each(['3.8.0', '3.8.0-1.el9', '3.8.0-1.el9.x86_64', '2:3.8.0', '2:3.8.0-1.el9', '2:3.8.0-1.el9.x86_64'])(
    'is known with or without epoch, release and architecture: %s',
    (version) => {
      expect(isVersionOf(version, '2:3.8.0-1.el9.x86_64')).toBe(true);
    },
  );

  it.each(['3.8', '3', '3.8.0-1', '1:3.8.0', '3.8.0-2.el9', '8.0', ''])(
    'is not a part of one, or another: %j',
    (version) => {
      expect(isVersionOf(version, '2:3.8.0-1.el9.x86_64')).toBe(false);
    },
  );
});
