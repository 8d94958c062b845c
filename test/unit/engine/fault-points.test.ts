import { describe, expect, it } from 'vitest';
import { parseFaultOrder } from '../../../src/engine/fault-points.js';

describe('parseFaultOrder', () => {
  it.each([
    [undefined, { type: 'none' }],
    ['', { type: 'none' }],
    ['list:/tmp/points', { type: 'list', file: '/tmp/points' }],
    ['kill@run:zk-0:basic:after', { type: 'kill', name: 'run:zk-0:basic:after' }],
  ])('reads %j', (text, order) => {
    expect(parseFaultOrder(text)).toEqual(order);
  });

  it.each(['list:', 'kill@', 'die', 'LIST:x'])('refuses %j and says what there is', (text) => {
    expect(() => parseFaultOrder(text)).toThrow(`BDE_FAULT is "${text}", which is neither list:FILE nor kill@NAME.`);
  });
});
