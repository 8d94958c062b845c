import { BdeError } from '../errors/bde-error.js';

/** Where in an effect a fault can strike: its intent is written, it took place unrecorded, it is recorded. */
export type FaultMoment = 'before' | 'after' | 'recorded';

/** Places at which a controller may be killed on purpose; see `docs/faults.md`. */
export interface FaultPoints {
  /** Passes the point, or never returns. Only the first passing of a name counts. */
  reach(effect: EffectName, moment: FaultMoment): void;
}

/** What an effect is called in fault points: no part of it differs from run to run. */
export interface EffectName {
  readonly kind: string;
  readonly node?: string | undefined;
  readonly role?: string | undefined;
}

/** What to do at fault points, as `BDE_FAULT` asks. */
export type FaultOrder =
  | { readonly type: 'none' }
  | { readonly type: 'list'; readonly file: string }
  | { readonly type: 'kill'; readonly name: string };

/** The two acts that fault points need from the process. */
export interface FaultActs {
  readonly appendLine: (file: string, line: string) => void;
  /** SIGKILL to ourselves; does not return in a real process. */
  readonly killSelf: () => void;
}

/**
 * Reads `BDE_FAULT`: `list:FILE` or `kill@NAME`; empty or absent means none.
 *
 * @throws BdeError `USAGE`
 */
export function parseFaultOrder(text: string | undefined): FaultOrder {
  if (text === undefined || text === '') return { type: 'none' };
  if (text.startsWith('list:') && text.length > 5) return { type: 'list', file: text.slice(5) };
  if (text.startsWith('kill@') && text.length > 5) return { type: 'kill', name: text.slice(5) };
  throw new BdeError('USAGE', `BDE_FAULT is "${text}", which is neither list:FILE nor kill@NAME.`, {
    hint: 'List the names a command passes with BDE_FAULT=list:FILE, then use one of them: BDE_FAULT=kill@NAME.',
  });
}

/** `create:lab-node-0:-:before`: kind, node, role, moment. */
export function faultName(effect: EffectName, moment: FaultMoment): string {
  return [effect.kind, effect.node ?? '-', effect.role ?? '-', moment].join(':');
}

/** Fault points that follow an order. */
export function createFaultPoints(order: FaultOrder, acts: FaultActs): FaultPoints {
  const passed = new Set<string>();
  return {
    reach(effect, moment) {
      const name = faultName(effect, moment);
      if (order.type === 'none' || passed.has(name)) return;
      passed.add(name);
      if (order.type === 'list') acts.appendLine(order.file, name);
      else if (order.name === name) acts.killSelf();
    },
  };
}
