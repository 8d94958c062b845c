import { describe, expect, it } from 'vitest';
import { selfTimes } from '../../../../bench/converge/self-times.mjs';

const node = (id: number, functionName: string, url: string) => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
});

describe('selfTimes', () => {
  it('adds up the samples of each function, dearest first, and leaves waiting out', () => {
    const profile = {
      nodes: [node(1, '(idle)', ''), node(2, 'parse', 'file:///a/dist/chunks/x.js'), node(3, '', 'node:internal/fs')],
      samples: [1, 2, 3, 2],
      timeDeltas: [9000, 1500, 3500, 2500],
    };

    expect(selfTimes(profile)).toEqual([
      { name: 'parse chunks/x.js:10', ms: 4 },
      { name: '(anonymous) node:internal/fs:10', ms: 3.5 },
    ]);
  });

  it('counts what the engine does itself by its own name', () => {
    const profile = { nodes: [node(1, '(garbage collector)', '')], samples: [1], timeDeltas: [2000] };

    expect(selfTimes(profile)).toEqual([{ name: '(garbage collector)', ms: 2 }]);
  });
});
