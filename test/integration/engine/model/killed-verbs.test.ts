/**
 * Every verb that changes a cluster, killed at its fault points and resumed, in this process: a killed controller's calls
 * never end (`Life`). The end must be that of the run without the kill. A few points of each verb are tried, other ones each
 * time; where the long tests run too, all of them. `docs/faults.md` has the counts.
 */
import { describe, expect, it } from 'vitest';
import type { Move, Verb } from './moves.js';
import { Play } from './play.js';
import { MODEL_SEED, playAgain } from './seed.js';

/** How many points of a verb are tried. */
const SAMPLE = process.env['BDE_TEST_ALL'] === '1' ? Infinity : 5;

const verb = (asked: Verb): Move => ({ type: 'verb', asked, incident: null });

/** What is done before, the verb, and how many fault points it has at least. */
const CASES: readonly {
  readonly name: string;
  readonly before: readonly Move[];
  readonly asked: Verb;
  readonly least: number;
}[] = [
  { name: 'apply', before: [], asked: { verb: 'apply', stores: 4, workers: 2, level: 2 }, least: 30 },
  { name: 'resize, growing', before: [], asked: { verb: 'resize', group: 's', count: 5, isForced: false }, least: 30 },
  {
    name: 'resize, shrinking',
    before: [],
    asked: { verb: 'resize', group: 's', count: 1, isForced: false },
    least: 15,
  },
  { name: 'resize of machines', before: [], asked: { verb: 'size', size: 'LARGE' }, least: 12 },
  { name: 'config', before: [], asked: { verb: 'config', level: 3 }, least: 12 },
  { name: 'upgrade', before: [], asked: { verb: 'upgrade', version: 2 }, least: 12 },
  { name: 'rollback', before: [verb({ verb: 'config', level: 3 })], asked: { verb: 'rollback' }, least: 12 },
  { name: 'restart', before: [], asked: { verb: 'restart', group: null }, least: 12 },
  { name: 'stop', before: [], asked: { verb: 'stop', group: null }, least: 15 },
  { name: 'start', before: [verb({ verb: 'stop', group: null })], asked: { verb: 'start', group: null }, least: 10 },
  { name: 'fix', before: [{ type: 'fate', fate: 'gone', node: 1 }], asked: { verb: 'fix', node: null }, least: 15 },
  { name: 'rotate-certs', before: [], asked: { verb: 'rotate-certs', what: 'nodes' }, least: 20 },
  { name: 'rotate-certs --ca', before: [], asked: { verb: 'rotate-certs', what: 'authority' }, least: 30 },
  { name: 'secret rotate', before: [], asked: { verb: 'rotate-secrets' }, least: 12 },
  { name: 'import', before: [], asked: { verb: 'import' }, least: 12 },
  { name: 'delete', before: [], asked: { verb: 'delete' }, least: 12 },
  { name: 'verify', before: [], asked: { verb: 'verify' }, least: 3 },
  { name: 'backup', before: [], asked: { verb: 'backup' }, least: 12 },
  { name: 'restore', before: [verb({ verb: 'backup' })], asked: { verb: 'restore' }, least: 40 },
];

const AGAIN = playAgain('killed-verbs.test.ts');

async function running(before: readonly Move[]): Promise<Play> {
  const play = new Play({ stores: 3, workers: 1, storeSize: 'SMALL', level: 1, version: 1 });
  for (const move of [verb({ verb: 'create' }), ...before]) await play.move(move);
  return play;
}

describe('a verb that is killed at a fault point resumes to the same end', () => {
  it.each(CASES)('$name', async ({ name, before, asked, least }) => {
    const whole = await running(before);
    const points = await whole.pointsOf(asked);
    const expected = await whole.outcome();
    const tried = spread(points.length);
    process.stdout.write(`${name}: ${String(tried.length)} of ${String(points.length)} fault points\n`);
    expect(points.length).toBeGreaterThanOrEqual(least);

    for (const at of tried) {
      const play = await running(before);

      await play.move({ type: 'verb', asked, incident: { at, what: 'kill' } });
      await play.move(verb({ verb: 'resume' }));

      expect(await play.outcome(), `killed at ${points[at] ?? ''}. ${AGAIN}`).toEqual(expected);
    }
  });
});

/** Places in a list of that length, as far from each other; the seed says where they begin. */
function spread(length: number): readonly number[] {
  const stride = Math.max(1, Math.floor(length / SAMPLE));
  return Array.from({ length }, (_, at) => at).filter((at) => at % stride === MODEL_SEED % stride);
}
