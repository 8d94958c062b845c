import type { NodeName } from '../errors/ids.js';
import { ClusterView, type PlanOptions } from './cluster-view.js';
import type { Desired, DesiredNode, Observed, PlannedRole } from './desired.js';

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
  const isWhole = wanted.every(({ power }) => power === 'off');
  const isStarting = wanted.some(({ name, power }) => power === 'on' && view.isStarted(name));
  if (isWhole || isStarting) return [];
  const listed = view.observed.nodes.filter(({ name }) => view.isListed(name, role.name)).map(({ name }) => name);
  const living = listed.filter(
    (name) => !view.isRenewed(name) && !view.isLeftAlone(name) && view.machineOf(name)?.state === 'on',
  );
  const turn = { view, listed, living, wanted };
  const moments = role.can.leave ? inTurn(turn) : atOnce(turn);
  const worst = moments.find((moment) => moment.living * 2 <= moment.members);
  if (worst === undefined) return [];
  return [
    { role: role.name, ...worst, allowed: allowedCount(role, { members: listed.length, living: living.length }) },
  ];
}

interface Turn {
  readonly view: ClusterView;
  /** Whom the role's member list has. */
  readonly listed: readonly NodeName[];
  /** Those of them that run. */
  readonly living: readonly NodeName[];
  readonly wanted: readonly DesiredNode[];
}

interface Moment {
  readonly members: number;
  readonly living: number;
}

/** The list stays as it is: all that go are missing at once. */
function atOnce({ listed, living, wanted }: Turn): readonly Moment[] {
  const staying = living.filter((name) => wanted.some((node) => node.name === name && node.power === 'on'));
  return staying.length === living.length ? [] : [{ members: listed.length, living: staying.length }];
}

/** As the plan goes: dead members leave, new ones join, those that are not wanted leave. */
function inTurn({ view, listed, living, wanted }: Turn): readonly Moment[] {
  const isOff = (name: NodeName): boolean => wanted.some((node) => node.name === name && node.power === 'off');
  const dead = listed.filter((name) => view.isRenewed(name));
  const joining = wanted.filter(
    ({ name, power }) => power === 'on' && !view.isLeftAlone(name) && (!listed.includes(name) || dead.includes(name)),
  );
  const going = listed.filter((name) => !dead.includes(name) && !wanted.some((node) => node.name === name)).reverse();
  const start = { members: listed.length, living: living.filter((name) => !isOff(name)).length };
  if (dead.length + joining.length + going.length === 0 && start.living === living.length) return [];
  const moments: Moment[] = [start];
  const next = (members: number, alive: number): void => {
    const last = moments.at(-1) ?? start;
    moments.push({ members: last.members + members, living: last.living + alive });
  };
  for (const _ of dead) next(-1, 0);
  for (const _ of joining) next(1, 1);
  for (const name of going) next(-1, living.includes(name) ? -1 : 0);
  return moments;
}

function allowedCount(role: PlannedRole, { members, living }: Moment): number | null {
  if (living * 2 <= members) return null;
  const majority = Math.floor(members / 2) + 1;
  // The dead stay on the list while the living leave: as many must live as are dead, and one more.
  return role.can.leave ? Math.min(members, 2 * (members - living) + 1) : majority;
}
