import type { RecipeItem } from './cookbook.js';
import { itemError } from './item-error.js';
import type { Template } from './render/template.js';
import type { ItemParts } from './resolve-resource.js';
import type { AskedNotification, Guards, Limits } from './run-resource.js';
import type { ItemScope } from './run-scope.js';
import type { Json } from './types.js';

/** What `for_each` adds to what templates see; empty where the item is there once. */
export interface Turn {
  readonly item?: Json;
  /** Of a map. */
  readonly key?: string;
  /** From 0. */
  readonly index?: number;
}

/**
 * The common keys of an item, rendered; what it is part of gives what it lacks. Null where `when` leaves it out.
 *
 * @throws BdeError `COOKBOOK_INVALID`, `RENDER_FAILED`
 */
export function resolveCommonKeys(item: RecipeItem, turn: Turn, scope: ItemScope): ItemParts | null {
  const context = { ...scope.context, ...turn };
  if (!isWanted(item, context)) return null;
  const own = item.notify.map((template) =>
    askedNotification(template, context, { prefixes: scope.prefixes, place: item.place }),
  );
  const inherited = scope.asked.map((each) => ({ ...each, inherited: true }));
  return {
    context,
    guards: guardsOf(item, context),
    asked: [...own, ...inherited],
    limits: limitsOf(item, context, scope.limits),
  };
}

/** A notification with its target still as it was written. */
export function askedNotification(
  template: Template,
  context: object,
  { prefixes, place }: Pick<AskedNotification, 'prefixes' | 'place'>,
): AskedNotification {
  const text = template.render(context);
  const [, action = '', target = '', immediately] = /^([a-z]+) (.*?)( immediately)?$/s.exec(text) ?? [];
  return { action, target, immediately: immediately !== undefined, prefixes, inherited: false, place };
}

function guardsOf(item: RecipeItem, context: object): Guards {
  return {
    onlyIf: item.onlyIf?.render(context) ?? null,
    notIf: item.notIf?.render(context) ?? null,
    creates: item.creates?.render(context) ?? null,
  };
}

function limitsOf(item: RecipeItem, context: object, inherited: Limits): Limits {
  const timeout = item.timeout?.(context) ?? null;
  const seconds = Number(timeout);
  if (timeout !== null && !(Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400)) {
    const message = `is ${JSON.stringify(timeout)}; allowed is a whole number of seconds from 1 to 86400`;
    throw itemError(item, { key: 'timeout', message });
  }
  return {
    retry: item.retry ?? inherited.retry,
    timeoutSeconds: timeout === null ? inherited.timeoutSeconds : seconds,
  };
}

function isWanted(item: RecipeItem, context: object): boolean {
  const answer = item.when?.render(context).trim() ?? 'true';
  if (answer === 'true' || answer === 'false') return answer === 'true';
  throw itemError(item, { key: 'when', message: `renders ${JSON.stringify(answer)}; allowed is true, false` });
}
