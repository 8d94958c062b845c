import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameReader } from '../../../src/ssh/frame-reader.js';

interface Seen {
  data: string;
  frames: string[];
}

function read(chunks: readonly Buffer[]): Seen {
  const seen: Seen = { data: '', frames: [] };
  const push = createFrameReader('MARK', {
    onData: (chunk) => (seen.data += chunk.toString('latin1')),
    onFrame: (words) => seen.frames.push(words.join('|')),
  });
  chunks.forEach(push);
  return seen;
}

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('createFrameReader', () => {
  it('takes frames out of the data around them', () => {
    const seen = read([latin('before\x01MARK begin\ndata, no newline\x01MARK exited 3\nafter')]);

    expect(seen).toEqual({ data: 'beforedata, no newlineafter', frames: ['begin', 'exited|3'] });
  });

  it('passes a line on before the next one comes', () => {
    expect(read([latin('line\n')]).data).toBe('line\n');
  });

  it('leaves text alone that is almost a frame', () => {
    const almost = '\x01MARX end 0\n\x01MARK\n MARK end 0\n\x01\x01MAR';

    expect(read([latin(almost), latin('!')])).toEqual({ data: `${almost}!`, frames: [] });
  });

  it('holds back what may become a frame until it is known', () => {
    expect(read([latin('x\x01MA')]).data).toBe('x');
    expect(read([latin('x\x01MA'), latin('Y')]).data).toBe('x\x01MAY');
    expect(read([latin('x\x01MA'), latin('RK ok'), latin('\n')])).toEqual({ data: 'x', frames: ['ok'] });
  });

  it('sees the same however the bytes are cut into chunks', () => {
    const text = 'a\x01\x01MARK one\n\x00\xff\x01MARK two words\nb\n\x01MAR';
    const cuts = fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 8 });

    fc.assert(
      fc.property(cuts, (places) => {
        const edges = [0, ...places.sort((one, other) => one - other), text.length + 1];
        const chunks = edges.slice(1).map((end, index) => latin(text.slice(edges[index], end)));

        expect(read([...chunks, latin('.')])).toEqual({
          data: 'a\x01\x00\xffb\n\x01MAR.',
          frames: ['one', 'two|words'],
        });
      }),
    );
  });
});
