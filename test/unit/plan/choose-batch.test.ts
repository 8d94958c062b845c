import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeName } from '../../../src/errors/ids.js';
import { chooseBatch, type RollingRole } from '../../../src/plan/choose-batch.js';

const names = (text: string): readonly NodeName[] => text.split('').map((each) => each as NodeName);

function batch(
  part: { [Key in 'peers' | 'ready' | 'left' | 'leaders']?: string } & Partial<
    Pick<RollingRole, 'maxUnavailable' | 'isAnyEnough' | 'isBegun'>
  >,
) {
  const { peers = 'abc', ready = peers, left = peers, leaders = '' } = part;
  const { maxUnavailable = 1, isAnyEnough = false, isBegun = false } = part;
  const chosen = chooseBatch({
    peers: names(peers),
    ready: names(ready),
    left: names(left),
    leaders: names(leaders),
    maxUnavailable,
    isAnyEnough,
    isBegun,
  });
  return chosen?.join('') ?? null;
}

describe('chooseBatch', () => {
  it('takes as many as may be down at once, in order', () => {
    expect(batch({ peers: 'abcde', maxUnavailable: 2 })).toBe('ab');
  });

  it('leaves the leader for the end, and then takes it alone', () => {
    expect(batch({ leaders: 'a' })).toBe('b');
    expect(batch({ peers: 'abcd', left: 'ad', leaders: 'ad', maxUnavailable: 2 })).toBe('a');
  });

  it('waits while one that was changed is not back', () => {
    expect(batch({ ready: 'bc', left: 'bc' })).toBeNull();
  });

  it('takes those first that are down already', () => {
    expect(batch({ ready: 'ab', left: 'abc' })).toBe('c');
  });

  it('takes less where some are down that are not to be changed', () => {
    expect(batch({ peers: 'abcdef', ready: 'abcde', left: 'abc', maxUnavailable: 3 })).toBe('ab');
  });

  it('asks for one that answers where any one is enough, and takes one at a time', () => {
    expect(batch({ ready: 'c', isAnyEnough: true, maxUnavailable: 3 })).toBe('a');
    expect(batch({ ready: '', left: 'bc', isAnyEnough: true, isBegun: true })).toBeNull();
  });

  it('takes one that does not answer where nobody did before, for then there is nothing to lose', () => {
    expect(batch({ ready: '', isAnyEnough: true })).toBe('a');
  });

  it('never has more down at once than may be, of those that were up', () => {
    const anyRole = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }), fc.infiniteStream(fc.boolean()))
      .map(([count, maxUnavailable, coins]) => {
        const peers = names('abcdefghi'.slice(0, count));
        const choose = () => peers.filter(() => coins.next().value === true);
        const left = choose();
        return {
          peers,
          ready: choose(),
          left,
          leaders: left.slice(0, 1),
          maxUnavailable,
          isAnyEnough: false,
          isBegun: false,
        };
      });
    fc.assert(
      fc.property(anyRole, (role) => {
        const chosen = chooseBatch(role) ?? [];
        const down = new Set(role.peers.filter((node) => !role.ready.includes(node)));
        const goingDown = chosen.filter((node) => !down.has(node));
        if (goingDown.length > 0) expect(down.size + goingDown.length).toBeLessThanOrEqual(role.maxUnavailable);
        expect(chosen.length).toBeLessThanOrEqual(role.maxUnavailable);
        expect(chosen.every((node) => role.left.includes(node))).toBe(true);
      }),
    );
  });
});
