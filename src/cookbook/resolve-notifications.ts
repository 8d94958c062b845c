import type { BdeError } from '../errors/bde-error.js';
import { didYouMean } from '../spec/document/nearest-name.js';
import { placedError } from './placed-error.js';
import type { AskedNotification, DraftResource, Notification, RunResource } from './run-resource.js';
import { MAX_DEPTH, type RunRegistry } from './run-scope.js';

/**
 * The same resources with every notification led to the resource that hears it: one beside it in its custom resource first,
 * then one around that; through the actions of custom resources to what these ask. What nobody hears goes to the errors.
 */
export function resolveNotifications(
  drafts: readonly DraftResource[],
  registry: RunRegistry,
  errors: BdeError[],
): readonly RunResource[] {
  const book: TargetBook = { ids: new Set(drafts.map(({ id }) => id)), registry, errors };
  return drafts.map((draft) => {
    const { id, kind, call, guards, groups, limits, asked, place } = draft;
    const own = asked.filter(({ inherited }) => !inherited).flatMap((each) => leadTo(each, book, 0));
    const inherited = asked.filter((each) => each.inherited).flatMap((each) => leadTo(each, book, 0));
    const notify = [...own, ...distinct(inherited, own, id)];
    return { id, kind, call, guards, groups, limits, notify, implied: [], place };
  });
}

/** What a resource asks for as a part of something: not of itself, and not again. */
function distinct(
  inherited: readonly Notification[],
  own: readonly Notification[],
  id: string,
): readonly Notification[] {
  const seen = new Set(own.map(keyOf));
  return inherited.filter((each) => {
    const isNew = each.target !== id && !seen.has(keyOf(each));
    seen.add(keyOf(each));
    return isNew;
  });
}

function keyOf({ action, target, immediately }: Notification): string {
  return JSON.stringify([action, target, immediately]);
}

interface TargetBook {
  readonly ids: ReadonlySet<string>;
  readonly registry: RunRegistry;
  readonly errors: BdeError[];
}

function leadTo(asked: AskedNotification, book: TargetBook, depth: number): readonly Notification[] {
  const { action, target, immediately, prefixes, place } = asked;
  const { ids, registry, errors } = book;
  for (const candidate of prefixes.map((prefix) => `${prefix}${target}`)) {
    if (ids.has(candidate)) return [{ action, target: candidate, immediately }];
    if (registry.elsewhere.has(candidate)) return [];
    const actions = registry.customs.get(candidate);
    if (actions === undefined) continue;
    const inner = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (inner !== undefined && depth < MAX_DEPTH)
      return inner.flatMap((each) =>
        leadTo({ ...each, immediately: immediately || each.immediately }, book, depth + 1),
      );
    errors.push(placedError(place, `asks ${candidate} to ${action}; ${actionsText(Object.keys(actions))}`));
    return [];
  }
  const known = [...ids, ...registry.customs.keys()];
  errors.push(placedError(place, `notifies ${target}, which is not in the run${didYouMean(target, known)}`));
  return [];
}

/** What a message says of the actions that there are. */
export function actionsText(actions: readonly string[]): string {
  return actions.length === 0 ? 'it has none' : `actions are ${actions.join(', ')}`;
}
