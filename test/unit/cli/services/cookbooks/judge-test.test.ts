import { describe, expect, it } from 'vitest';
import { judgeTest, type NodeRun, type ResourceLine } from '../../../../../src/cli/services/cookbooks/judge-test.js';

/** A run of the role `web` on one node, from `resource: outcome ms`. */
function run(...lines: readonly string[]): readonly NodeRun[] {
  return [
    {
      node: 'n-0',
      role: 'web',
      lines: lines.map((line) => {
        const [, resource = '', outcome, ms] = /^(.*): (\S+) (\d+)$/.exec(line) ?? [];
        return { resource, outcome: outcome as ResourceLine['outcome'], ms: Number(ms) };
      }),
    },
  ];
}

describe('judgeTest', () => {
  it('calls a cookbook idempotent whose second run changed nothing', () => {
    const judged = judgeTest({
      first: run('file[/a]: changed 5', 'service[web]: changed 40', 'restart service[web]: changed 9'),
      check: run('file[/a]: unchanged 0', 'service[web]: unchanged 0'),
      second: run('file[/a]: unchanged 1', 'service[web]: unchanged 2'),
    });

    expect(judged).toMatchObject({ idempotent: true, changedFirst: 3, changedAgain: [], disagreements: [] });
  });

  it('names what changed again, with what the run said of it', () => {
    const judged = judgeTest({
      first: run('execute[x]: changed 5'),
      check: run('execute[x]: would-change 0'),
      second: [
        { node: 'n-0', role: 'web', lines: [{ resource: 'execute[x]', outcome: 'changed', ms: 4, detail: 'ran' }] },
      ],
    });

    expect(judged.idempotent).toBe(false);
    expect(judged.changedAgain).toEqual([
      {
        node: 'n-0',
        role: 'web',
        resource: 'execute[x]',
        first: 'changed',
        firstMs: 5,
        check: 'would-change',
        second: 'changed',
        secondMs: 4,
        detail: 'ran',
      },
    ]);
    expect(judged.disagreements).toEqual([]);
  });

  it('puts the slowest first, by the longer of both runs', () => {
    const judged = judgeTest({
      first: run('a[1]: changed 5', 'b[2]: changed 50', 'c[3]: changed 1'),
      check: [],
      second: run('a[1]: unchanged 70', 'b[2]: unchanged 1', 'c[3]: unchanged 1'),
    });

    expect(judged.resources.map(({ resource }) => resource)).toEqual(['a[1]', 'b[2]', 'c[3]']);
  });

  it.each([
    ['unchanged', 'changed', 1],
    ['would-change', 'unchanged', 1],
    ['would-change', 'changed', 0],
    ['unchanged', 'unchanged', 0],
    ['unknown', 'changed', 0],
    ['unknown', 'unchanged', 0],
  ])('holds a check that said %s against a run that said %s', (said, was, count) => {
    const judged = judgeTest({
      first: run('a[1]: changed 1'),
      check: run(`a[1]: ${said} 0`),
      second: run(`a[1]: ${was} 1`),
    });

    expect(judged.disagreements).toHaveLength(count);
  });

  it('keeps a resource of the same name on another node or role apart', () => {
    const twice: readonly NodeRun[] = ['n-0', 'n-1'].map((node) => ({
      node,
      role: 'web',
      lines: [{ resource: 'file[/a]', outcome: 'changed', ms: 1 }],
    }));

    expect(judgeTest({ first: twice, check: [], second: [] }).changedFirst).toBe(2);
  });
});
