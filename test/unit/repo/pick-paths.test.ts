import { describe, expect, it } from 'vitest';
import { mergeUsr, pickPaths } from '../../../src/repo/build/pick-paths.js';

const PATHS = [
  'etc/java/security.conf',
  'usr/lib/jvm/bin/java',
  'usr/lib/jvm/lib/modules',
  'usr/share/java/codec-http.jar',
  'usr/share/java/codec.jar',
  'usr/share/javadoc/index.html',
];

describe('pickPaths', () => {
  it.each([
    ['a file', 'usr/lib/jvm/bin/java', ['usr/lib/jvm/bin/java']],
    ['a folder whole', 'usr/lib/jvm', ['usr/lib/jvm/bin/java', 'usr/lib/jvm/lib/modules']],
    ['a folder, not its namesakes', 'usr/share/java', ['usr/share/java/codec-http.jar', 'usr/share/java/codec.jar']],
    ['a pattern', 'usr/share/java/codec*.jar', ['usr/share/java/codec-http.jar', 'usr/share/java/codec.jar']],
    ['a star within one segment', 'usr/*/codec.jar', []],
    ['a pattern of folders', 'usr/*/jvm', ['usr/lib/jvm/bin/java', 'usr/lib/jvm/lib/modules']],
    ['a dot as itself', 'usr/share/java/codec?jar', []],
  ])('takes %s', (_what, pick, expected) => {
    expect(pickPaths(PATHS, pick)).toEqual(expected);
  });
});

describe('mergeUsr', () => {
  it.each([
    ['bin/sh', 'usr/bin/sh'],
    ['lib/systemd/system/a.service', 'usr/lib/systemd/system/a.service'],
    ['libexec/x', 'libexec/x'],
    ['usr/bin/java', 'usr/bin/java'],
    ['etc/lib/x', 'etc/lib/x'],
  ])('puts %s at %s', (path, expected) => {
    expect(mergeUsr(path)).toBe(expected);
  });
});
