import { describe, expect, it } from 'vitest';
import { orderRoles } from '../../../src/plan/order-roles.js';

describe('orderRoles', () => {
  it('puts each role after all that it requires', () => {
    const order = orderRoles([
      { name: 'scheduler', requires: ['master'] },
      { name: 'master', requires: ['keeper'] },
      { name: 'keeper', requires: [] },
    ]);

    expect(order).toEqual(['keeper', 'master', 'scheduler']);
  });

  it('orders equals by name so that plans are stable', () => {
    const order = orderRoles([
      { name: 'b', requires: [] },
      { name: 'a', requires: [] },
    ]);

    expect(order).toEqual(['a', 'b']);
  });

  it('ignores requirements that no node of the cluster bears', () => {
    expect(orderRoles([{ name: 'a', requires: ['elsewhere'] }])).toEqual(['a']);
  });

  it('prints the circle when roles require each other', () => {
    const roles = [
      { name: 'a', requires: ['b'] },
      { name: 'b', requires: ['c'] },
      { name: 'c', requires: ['a'] },
    ];

    expect(() => orderRoles(roles)).toThrow('The roles require each other in a circle: a → b → c → a.');
  });
});
