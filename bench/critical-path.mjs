/** Steps that wait for machines from their first to their last moment. */
const WHOLLY_REMOTE = new Set(['ready', 'accept', 'record']);
/** The effect of each other kind of step that machines do. */
const REMOTE_EFFECTS = { converge: 'run', packages: 'run', destroy: 'destroy' };

/**
 * Milliseconds that each step waited for machines, by step id.
 *
 * A run counts from its intent to its result. A machine step counts from its first act on (clone, boot, first answer); what
 * comes before is bde's.
 *
 * @param {readonly {readonly id: string, readonly kind: string}[]} steps of the plan
 * @param {readonly {readonly stepId: string, readonly at: number, readonly type: string, readonly subject: string}[]} journal
 *   `subject` is a step's state or an effect's kind
 */
export function remoteDurations(steps, journal) {
  const durations = new Map();
  for (const { id, kind } of steps) {
    const own = journal.filter((entry) => entry.stepId === id);
    durations.set(id, remoteDuration(kind, own));
  }
  return durations;
}

function remoteDuration(kind, entries) {
  const at = (type, subject) => entries.find((entry) => entry.type === type && entry.subject === subject)?.at;
  const ended = entries.findLast((entry) => entry.type === 'step' && entry.subject !== 'running')?.at;
  const effect = REMOTE_EFFECTS[kind];
  if (effect !== undefined) return between(at('intent', effect), at('result', effect));
  if (kind === 'machine') return between(at('intent', 'create'), ended);
  return WHOLLY_REMOTE.has(kind) ? between(at('step', 'running'), ended) : 0;
}

function between(from, to) {
  return from === undefined || to === undefined ? 0 : to - from;
}

/**
 * The longest way through a plan, each step taking its duration: no controller could have been quicker.
 *
 * @param {readonly {readonly id: string, readonly after: readonly string[]}[]} steps in an order that respects `after`
 * @param {ReadonlyMap<string, number>} durations
 */
export function criticalPath(steps, durations) {
  const ways = new Map();
  let longest = { ms: 0, steps: [] };
  for (const { id, after } of steps) {
    const before = after.map((each) => ways.get(each)).filter((way) => way !== undefined);
    const last = before.reduce((best, way) => (way.ms > best.ms ? way : best), { ms: 0, steps: [] });
    const way = { ms: last.ms + (durations.get(id) ?? 0), steps: [...last.steps, id] };
    ways.set(id, way);
    if (way.ms > longest.ms) longest = way;
  }
  return longest;
}
