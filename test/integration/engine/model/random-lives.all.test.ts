/**
 * Random lives of a cluster: sequences of verbs, with controllers that are killed, frozen or cancelled at a random fault
 * point, machines that die, and a provider that fails. After each move all that must hold is looked at (`invariants.ts`,
 * `FleetWorld`); at the end the cluster is deleted, and nothing is left.
 *
 * The seed is printed. A failure names seed and path of its shortest sequence; play that again with
 *
 *     BDE_TEST_ALL=1 BDE_MODEL_SEED=-123 BDE_MODEL_PATH=17:0:2 npx vitest run --project integration test/integration/engine/model
 *
 * `BDE_MODEL_SEQUENCES` is how many sequences are played.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { beginning, move } from './moves.js';
import { Play } from './play.js';

const SEQUENCES = Number(process.env['BDE_MODEL_SEQUENCES'] ?? 1_000);
const SEED = Number(process.env['BDE_MODEL_SEED'] ?? Date.now() % 2 ** 31);
const PATH = process.env['BDE_MODEL_PATH'];

const lives = fc.asyncProperty(beginning, fc.array(move, { minLength: 1, maxLength: 5 }), async (first, moves) => {
  const { stores, workers, incident } = first;
  const play = new Play({ stores, workers, storeSize: 'SMALL', level: 1, version: 1 });
  await play.move({ type: 'verb', asked: { verb: 'create' }, incident });
  for (const each of moves) await play.move(each);
  await play.end();
});

it(
  'keeps every promise in random lives of a cluster',
  async () => {
    process.stdout.write(`random lives: ${String(SEQUENCES)} sequences, seed ${String(SEED)}\n`);
    const details = await fc.check(lives, {
      seed: SEED,
      numRuns: SEQUENCES,
      ...(PATH === undefined ? {} : { path: PATH }),
    });
    expect(details.failed, fc.defaultReportMessage(details)).toBe(false);
  },
  SEQUENCES * 2_000,
);
