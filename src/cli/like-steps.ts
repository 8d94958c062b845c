import type { Step } from '../plan/plan.js';

/** Steps that differ in their nodes alone, in the order of the plan; at least one. */
export type LikeSteps = readonly [Step, ...Step[]];

/** Puts steps together that follow each other and are alike but for the index of their node. */
export function groupLikeSteps(steps: readonly Step[]): readonly LikeSteps[] {
  const groups: { readonly key: string; readonly steps: [Step, ...Step[]] }[] = [];
  for (const step of steps) {
    const key = keyOf(step);
    const last = groups.at(-1);
    if (last?.key === key) last.steps.push(step);
    else groups.push({ key, steps: [step] });
  }
  return groups.map((group) => group.steps);
}

/** What happens to the members of a rolling step: the first thing to each of them, the second, and so on. */
export function groupMemberSteps({ members }: Step & { readonly kind: 'roll' }): readonly LikeSteps[] {
  const turns = new Map<string, (readonly Step[])[]>();
  for (const { steps } of members) {
    const key = steps.map(keyOf).join(' ');
    const alike = turns.get(key);
    if (alike === undefined) turns.set(key, [steps]);
    else alike.push(steps);
  }
  return [...turns.values()].flatMap((alike) => {
    const [first = []] = alike;
    return first.map((step, index): LikeSteps => [step, ...alike.slice(1).flatMap((steps) => steps[index] ?? [])]);
  });
}

/** `converge/lab-web-0..989/web`: the id of all of them. */
export function idOfAll(steps: LikeSteps): string {
  const [first] = steps;
  if (steps.length === 1) return first.id;
  return patternOf(first).join(rangesOf(steps.map((step) => placeOf(step).index)));
}

const SHOWN_RANGES = 3;

/** `0..4,7,9..12`; of many ranges the first ones. */
function rangesOf(indexes: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const index of indexes.toSorted((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last?.[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  const texts = ranges.map(([from, to]) => (from === to ? String(from) : `${String(from)}..${String(to)}`));
  return texts.length <= SHOWN_RANGES ? texts.join(',') : `${texts.slice(0, SHOWN_RANGES).join(',')},…`;
}

function keyOf(step: Step): string {
  return JSON.stringify([step.kind, patternOf(step), step.why, 'force' in step && step.force]);
}

/** The id before and behind the node's index; whole where no node is in it. */
function patternOf(step: Step): readonly string[] {
  const { name, stem } = placeOf(step);
  if (name === '') return [step.id];
  const at = step.id.indexOf(name);
  return at < 0 ? [step.id] : [`${step.id.slice(0, at)}${stem}`, step.id.slice(at + name.length)];
}

/** A node's name ends with its index in the group. */
function placeOf(step: Step): { readonly name: string; readonly stem: string; readonly index: number } {
  const name = 'node' in step ? step.node : '';
  const [, stem = '', index = ''] = /^(.*-)(\d+)$/.exec(name) ?? [];
  return { name: stem === '' ? '' : name, stem, index: Number(index) };
}
