import { describe, expect, it } from 'vitest';
import { describeConnectError } from '../../../src/ssh/describe-connect-error.js';

describe('describeConnectError', () => {
  it.each([
    [Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:22'), { code: 'ECONNREFUSED' }), 'connection refused'],
    [Object.assign(new Error('x'), { code: 'EHOSTUNREACH' }), 'no route to it, or it is down'],
    [Object.assign(new Error('Odd thing'), { code: 'EODD' }), 'Odd thing'],
    [new Error('Timed out while waiting for handshake'), 'Timed out while waiting for handshake'],
    ['text', 'text'],
  ])('says %s in a few words', (error, words) => {
    expect(describeConnectError(error)).toBe(words);
  });
});
