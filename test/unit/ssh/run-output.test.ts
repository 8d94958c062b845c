import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRunOutput, type RunOutput } from '../../../src/ssh/run-output.js';

function makeOutput(): { readonly output: RunOutput; readonly lines: string[] } {
  const lines: string[] = [];
  return { output: createRunOutput((line) => lines.push(line)), lines };
}

describe('createRunOutput', () => {
  it('holds the lines of a probing run back until it has ended', () => {
    const { output, lines } = makeOutput();

    output.push(Buffer.from('one\ntwo\n'));
    const before = [...lines];
    output.finish();

    expect([before, lines]).toEqual([[], ['one', 'two']]);
  });

  it('drops what a probing run said when it begins anew', () => {
    const { output, lines } = makeOutput();

    output.push(Buffer.from('void\nhalf'));
    output.restart();
    output.goLive();
    output.push(Buffer.from('real\n'));
    output.finish();

    expect(lines).toEqual(['real']);
    expect(output.offset()).toBe(5);
  });

  it('delivers lines as they come once it is live', () => {
    const { output, lines } = makeOutput();

    output.goLive();
    output.push(Buffer.from('one\ntw'));

    expect(lines).toEqual(['one']);
  });

  it('gives a last line without newline after those before it', () => {
    const { output, lines } = makeOutput();

    output.push(Buffer.from('one\n\nlast'));
    output.finish();

    expect(lines).toEqual(['one', '', 'last']);
  });

  it('drops a line over 64 KiB, counts it and goes on', () => {
    const { output, lines } = makeOutput();

    output.push(Buffer.from(`a\n${'x'.repeat(40_000)}`));
    output.push(Buffer.from(`${'x'.repeat(40_000)}\nb\n`));
    output.finish();

    expect(lines).toEqual(['a', 'b']);
    expect(output.notes()).toEqual(['1 line(s) of output over 64 KiB were dropped']);
  });

  it('keeps a line of exactly 64 KiB', () => {
    const { output, lines } = makeOutput();

    output.push(Buffer.from(`${'x'.repeat(65_536)}\n`));
    output.finish();

    expect(lines.map((line) => line.length)).toEqual([65_536]);
    expect(output.notes()).toEqual([]);
  });

  it('drops what comes after 16 MiB and says so', () => {
    const { output, lines } = makeOutput();
    const kibibyte = Buffer.from(`${'x'.repeat(1023)}\n`);

    for (let index = 0; index < 16 * 1024 + 5; index += 1) output.push(kibibyte);
    output.finish();

    expect(lines).toHaveLength(16 * 1024);
    expect(output.notes()).toEqual(['output beyond 16 MiB was dropped']);
  });

  it('gives the same lines however the bytes are cut', () => {
    const text = 'zwölf\n\nfünf\nend';
    const bytes = Buffer.from(text);
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 6 });

    fc.assert(
      fc.property(cuts, (places) => {
        const { output, lines } = makeOutput();
        const edges = [0, ...places.sort((one, other) => one - other), bytes.length];
        edges.slice(1).forEach((end, index) => output.push(bytes.subarray(edges[index], end)));
        output.finish();

        expect(lines).toEqual(['zwölf', '', 'fünf', 'end']);
      }),
    );
  });
});
