import { describe, expect, it } from 'vitest';
import { createHead, createTail } from '../../../src/ssh/bounded-output.js';

describe('bounded output', () => {
  it('keeps the first bytes and drops the rest', () => {
    const head = createHead(5);

    head.push(Buffer.from('abc'));
    head.push(Buffer.from('defgh'));
    head.push(Buffer.from('i'));

    expect(head.text()).toBe('abcde');
  });

  it('keeps the last bytes', () => {
    const tail = createTail(5);

    tail.push(Buffer.from('abc'));
    tail.push(Buffer.from('def'));
    const some = tail.text();
    tail.push(Buffer.from('a long one'));

    expect([some, tail.text()]).toEqual(['bcdef', 'g one']);
  });
});
