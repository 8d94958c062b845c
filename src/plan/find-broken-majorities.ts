import type { NodeName } from '../errors/ids.js';
import { ClusterView, type PlanOptions } from './cluster-view.js';
import type { Desired, Observed, PlannedRole } from './desired.js';

/** A role that a change would leave without a majority of its members. */
export interface BrokenMajority {
  readonly role: string;
  /** What would be: how many of how many members live at the worst moment. */
  readonly living: number;
  readonly members: number;
  /** The least number of its nodes that keeps the majority at every moment; null where none does. */
  readonly allowed: number | null;
}

/**
 * Roles that decide by majority and would lose it at some moment of a change. Members that leave by their role's own way
 * leave one at a time, and the member list shrinks with them; where a role knows no such way, its list stays as it is, and
 * all that go are missing at once. Turning a whole role off on purpose breaks nothing.
 */
export function findBrokenMajorities(
  desired: Desired,
  observed: Observed,
  options: PlanOptions,
): readonly BrokenMajority[] {
  const view = new ClusterView(desired, observed, options);
  return view.order.flatMap((role) => (role.update.quorum && view.isServing(role.name) ? broken(view, role) : []));
}

function broken(view: ClusterView, role: PlannedRole): readonly BrokenMajority[] {
  const wanted = view.desired.nodes.filter((node) => node.roles.includes(role.name));
  const isWhole = wanted.length > 0 && wanted.every(({ power }) => power === 'off');
  const isStarting = wanted.some(({ name }) => view.isStarted(name));
  if (isWhole || isStarting || wanted.length === 0) return [];
  const members = view.observed.nodes.filter(({ name }) => view.isListed(name, role.name)).map(({ name }) => name);
  const living = members.filter((name) => !view.isRenewed(name) && view.machineOf(name)?.state === 'on');
  const staying = new Set(wanted.filter(({ power }) => power === 'on').map(({ name }) => name));
  const leaving = members
    .filter((name) => !wanted.some((node) => node.name === name) || view.isRenewed(name))
    .reverse();
  const off = living.filter((name) => wanted.some((node) => node.name === name && node.power === 'off'));
  const added = [...staying].filter((name) => !members.includes(name)).length;
  const moments = role.can.leave
    ? oneByOne({ members: members.length + added, living: living.length + added - off.length }, leaving, living)
    : [{ members: members.length, living: living.filter((name) => staying.has(name)).length }];
  const worst = moments.find((moment) => moment.living * 2 <= moment.members);
  if (worst === undefined) return [];
  return [
    { role: role.name, ...worst, allowed: allowedCount(role, { members: members.length, living: living.length }) },
  ];
}

interface Moment {
  readonly members: number;
  readonly living: number;
}

function oneByOne(start: Moment, leaving: readonly NodeName[], living: readonly NodeName[]): readonly Moment[] {
  const moments = [start];
  let now = start;
  for (const name of leaving) {
    now = { members: now.members - 1, living: now.living - (living.includes(name) ? 1 : 0) };
    moments.push(now);
  }
  return moments;
}

function allowedCount(role: PlannedRole, { members, living }: Moment): number | null {
  if (living * 2 <= members) return null;
  const majority = Math.floor(members / 2) + 1;
  // The dead stay on the list while the living leave: as many must live as are dead, and one more.
  return role.can.leave ? Math.min(members, 2 * (members - living) + 1) : majority;
}
