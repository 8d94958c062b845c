import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portCandidates } from '../../../src/repo/serve/listen.js';

describe('portCandidates', () => {
  it('begins with the port of the home key and goes on from there', () => {
    expect(portCandidates('0000002a', undefined).slice(0, 3)).toEqual([20042, 20043, 20044]);
  });

  it('tries the port it had before any other', () => {
    expect(portCandidates('0000002a', 20044).slice(0, 4)).toEqual([20044, 20042, 20043, 20045]);
  });

  it('stays below the ports that kernels give out, each once', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{8}$/), (homeKey) => {
        const ports = portCandidates(homeKey, undefined);

        expect(ports.every((port) => port >= 20_000 && port < 30_000)).toBe(true);
        expect(new Set(ports).size).toBe(64);
      }),
    );
  });
});
