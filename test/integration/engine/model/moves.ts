import fc from 'fast-check';
import type { Rotation } from '../../../../src/engine/operations/change-request.js';
import type { Fate } from './fleet-world.js';

/** What an operator asks for. Numbers of nodes count through those that there are. */
export type Verb =
  | ChangeVerb
  | { readonly verb: 'create' }
  | { readonly verb: 'converge' }
  | { readonly verb: 'resume' }
  | { readonly verb: 'delete' }
  /** Of the cluster whose home was lost just before, the mirror's keys with it. */
  | { readonly verb: 'import' };

/** Those that ask for another state of the cluster. */
export type ChangeVerb =
  | SpecVerb
  | { readonly verb: 'resize'; readonly group: 's' | 'w'; readonly count: number; readonly isForced: boolean }
  | { readonly verb: 'stop' | 'start' | 'restart'; readonly group: 's' | 'w' | null }
  | { readonly verb: 'fix'; readonly node: number | null }
  | { readonly verb: 'rotate-certs'; readonly what: Rotation }
  | { readonly verb: 'rollback' | 'rotate-secrets' | 'verify' | 'backup' | 'restore' };

/** Those that change the spec, as they give it. */
export type SpecVerb =
  | { readonly verb: 'size'; readonly size: 'SMALL' | 'LARGE' }
  | { readonly verb: 'apply'; readonly stores: number; readonly workers: number; readonly level: number }
  | { readonly verb: 'config'; readonly level: number }
  | { readonly verb: 'upgrade'; readonly version: 1 | 2 };

/** What happens while a verb is at its n-th fault point. */
export type Incident =
  | { readonly at: number; readonly what: 'kill' | 'freeze' | 'cancel' | 'rival' }
  | { readonly at: number; readonly what: 'fate'; readonly fate: Fate; readonly node: number };

export type Move =
  | { readonly type: 'verb'; readonly asked: Verb; readonly incident: Incident | null }
  | { readonly type: 'fate'; readonly fate: Fate; readonly node: number }
  | {
      readonly type: 'failure';
      readonly method: 'create' | 'power' | 'destroy' | 'resize';
      readonly times: number;
      readonly leaves: 'nothing' | 'partial';
    };

const stores = fc.constantFrom(1, 2, 3, 3, 4, 5);
const workers = fc.constantFrom(0, 1, 2);
const level = fc.integer({ min: 1, max: 3 });
const fate = fc.constantFrom<Fate>('gone', 'gone', 'off', 'silent', 'ill');
const node = fc.nat({ max: 7 });
const group = fc.constantFrom<'s' | 'w' | null>('s', 'w', null);

const verb: fc.Arbitrary<Verb> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      verb: fc.constant('resize' as const),
      group: fc.constantFrom<'s' | 'w'>('s', 's', 'w'),
      count: stores,
      isForced: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('size' as const), size: fc.constantFrom('SMALL', 'LARGE') }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('apply' as const), stores, workers, level }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('config' as const), level }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('upgrade' as const), version: fc.constantFrom(1, 2) }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constantFrom('stop', 'start', 'restart'), group }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('fix' as const), node: fc.option(node, { freq: 3 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      verb: fc.constant('rotate-certs' as const),
      what: fc.constantFrom<Rotation>('nodes', 'authority', 'trust'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ verb: fc.constant('resume' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ verb: fc.constantFrom('create', 'rollback', 'converge', 'verify', 'delete') }),
  },
  { weight: 3, arbitrary: fc.record({ verb: fc.constantFrom('rotate-secrets', 'import', 'import') }) },
);

const at = fc.nat({ max: 45 });
const incident: fc.Arbitrary<Incident> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ at, what: fc.constantFrom('kill', 'kill', 'freeze', 'cancel', 'rival') }) },
  { weight: 1, arbitrary: fc.record({ at, what: fc.constant('fate' as const), fate, node }) },
);

/** One thing that happens to a cluster. */
export const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('verb' as const),
      asked: verb,
      incident: fc.option(incident, { freq: 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('fate' as const), fate, node }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('failure' as const),
      method: fc.constantFrom('create', 'power', 'destroy', 'resize'),
      times: fc.integer({ min: 1, max: 2 }),
      leaves: fc.constantFrom('nothing', 'partial'),
    }),
  },
);

/** The fleet that a sequence begins with, and how its create goes. */
export const beginning = fc.record({
  stores: fc.constantFrom(1, 3, 3, 3),
  workers: fc.constantFrom(0, 1, 2),
  incident: fc.option(incident, { freq: 1 }),
});
