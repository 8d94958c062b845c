import { describe, expect, it } from 'vitest';
import { readOptions, SUBJECT_NAMES } from '../../../../bench/converge/options.mjs';

describe('readOptions', () => {
  it('measures everything where nothing is asked for', () => {
    expect(readOptions([])).toEqual({
      nodes: [5, 20, 50],
      peers: SUBJECT_NAMES,
      phases: ['first', 'second', 'line'],
      delays: [0, 20, 100],
      variants: ['plain', 'packages'],
      repetitions: 5,
      profile: '',
      writes: true,
    });
  });

  it('keeps tools and phases in their order, whatever that of the words', () => {
    const options = readOptions(['--peers', 'raw,bde', '--phases', 'second,first', '--nodes', '5', '--delay', '0']);

    expect(options).toMatchObject({ peers: ['bde', 'raw'], phases: ['first', 'second'], nodes: [5], delays: [0] });
  });

  it('writes no results where profiles are taken', () => {
    expect(readOptions(['--profile', '/tmp/profiles'])).toMatchObject({ profile: '/tmp/profiles', writes: false });
  });

  it.each([
    [['--peers', 'chef']],
    [['--phases', 'third']],
    [['--nodes', '0']],
    [['--delay', 'fast']],
    [['--variant', 'large']],
    [['--repetitions', 'many']],
    [['--help']],
    [['--nodes']],
    [['everything']],
  ])('refuses %j', (args) => {
    expect(readOptions(args)).toBeUndefined();
  });
});
