import { BdeError } from '../../errors/bde-error.js';
import type { BrokenMajority } from '../../plan/find-broken-majorities.js';
import { flattenSteps, type Plan, type Step } from '../../plan/plan.js';
import type { ClusterRecord } from '../ports/store.js';

/**
 * Refuses a plan that takes away what must not go. Returns what a forced change breaks all the same, one sentence each.
 *
 * @throws BdeError `GUARD_REFUSED` with the number that would be allowed
 */
export function guardPlan(
  plan: Plan,
  cluster: ClusterRecord,
  given: { readonly broken: readonly BrokenMajority[]; readonly isForced: boolean },
): readonly string[] {
  const doomed = cluster.isProtected ? flattenSteps(plan.steps).filter(isDestructive) : [];
  if (doomed.length > 0) throw isProtected(cluster.name, doomed);
  const sentences = given.broken.map(describeBroken);
  const [first] = given.broken;
  if (first === undefined || given.isForced) return sentences;
  throw new BdeError('GUARD_REFUSED', sentences.join(' '), {
    subject: { cluster: cluster.name, role: first.role },
    hint: hintFor(first, cluster.name),
    data: { broken: given.broken },
  });
}

/** Refuses to destroy or stop a cluster that is protected. */
export function refuseProtected(
  { name, isProtected: isOn }: Pick<ClusterRecord, 'name' | 'isProtected'>,
  what: string,
): void {
  if (!isOn) return;
  throw new BdeError('GUARD_REFUSED', `The cluster ${name} is protected: ${what} is refused.`, {
    subject: { cluster: name },
    hint: `Take the protection away first: bde cluster unprotect ${name}.`,
  });
}

function isDestructive(step: Step): boolean {
  return (
    step.kind === 'destroy' ||
    step.kind === 'power' ||
    step.kind === 'restore' ||
    (step.kind === 'machine' && !step.start && step.generation > 1)
  );
}

function isProtected(name: string, doomed: readonly Step[]): BdeError {
  const count = String(doomed.length);
  return new BdeError(
    'GUARD_REFUSED',
    `The cluster ${name} is protected, and ${count} steps of this plan stop or destroy machines of it, or replace their data; the first is ${doomed[0]?.id ?? ''}.`,
    { subject: { cluster: name }, hint: `Take the protection away first: bde cluster unprotect ${name}.` },
  );
}

function describeBroken({ role, living, members }: BrokenMajority): string {
  return (
    `The role ${role} would lose its majority: ${String(living)} of ${String(members)} members would live, and ` +
    `${String(Math.floor(members / 2) + 1)} have to.`
  );
}

function hintFor({ allowed, role }: BrokenMajority, cluster: string): string {
  const force = 'or break it on purpose with --force';
  if (allowed === null) return `Mend its dead members first: bde cluster fix ${cluster}, ${force}.`;
  return `Keep at least ${String(allowed)} nodes of ${role}, ${force}.`;
}
