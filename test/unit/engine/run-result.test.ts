import { describe, expect, it } from 'vitest';
import { RunOutput } from '../../../src/engine/steps/run-result.js';

const END = { state: 'exited', exitCode: 0, stderr: '' } as const;
const PLAIN = (text: string): string => text;

function line(outcome: string, resource = 'file[/x]', detail?: string): string {
  return JSON.stringify({ resource, outcome, ms: 1, ...(detail === undefined ? {} : { detail }) });
}

describe('RunOutput', () => {
  it('counts outcomes and keeps lines and facts', () => {
    const output = new RunOutput(PLAIN);

    output.push(line('changed'));
    output.push(line('unchanged', 'file[/y]'));
    output.push('{"fact":"port","value":1}');
    output.push('noise');

    expect(output.result(END)).toMatchObject({
      counts: { changed: 1, unchanged: 1 },
      leftOut: 0,
      lines: { length: 2 },
    });
    expect([...output.facts]).toEqual([['port', 1]]);
  });

  it('stays small whatever a node prints, and keeps what failed', () => {
    const output = new RunOutput(PLAIN);

    for (let count = 0; count < 20_000; count += 1) output.push(line('unchanged', `file[/${'x'.repeat(100)}]`));
    output.push(line('failed', 'service[y]', 'why'));

    const result = output.result(END);
    expect(JSON.stringify(result).length).toBeLessThan(600_000);
    expect(result.counts).toEqual({ unchanged: 20_000, failed: 1 });
    expect(result.lines.at(-1)).toMatchObject({ resource: 'service[y]', outcome: 'failed' });
    expect(result.lines.length + result.leftOut).toBe(20_001);
  });

  it('keeps a bounded number of facts', () => {
    const output = new RunOutput(PLAIN);

    for (let count = 0; count < 1000; count += 1) output.push(`{"fact":"f${String(count)}","value":1}`);

    expect(output.facts.size).toBe(100);
  });

  it('redacts details, diffs and stderr', () => {
    const output = new RunOutput((text) => text.replaceAll('s3cret', '[secret]'));

    output.push(JSON.stringify({ resource: 'file[/x]', outcome: 'changed', ms: 1, detail: 's3cret', diff: '+s3cret' }));

    expect(JSON.stringify(output.result({ ...END, stderr: 'is s3cret' }))).not.toContain('s3cret');
  });
});
