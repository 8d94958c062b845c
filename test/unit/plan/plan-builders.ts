import type { Digest, NodeName } from '../../../src/errors/ids.js';
import type {
  Desired,
  DesiredNode,
  MachineShape,
  Observed,
  ObservedMachine,
  PlannedRole,
} from '../../../src/plan/desired.js';
import { flattenSteps, type Step } from '../../../src/plan/plan.js';

export const OPTIONS = { baseRole: 'basic', publish: false, canResize: true };
export const NOTHING: Observed = { nodes: [], machines: [], applied: {} };
export const SHAPE: MachineShape = {
  size: { cpuCount: 1, memoryMiB: 1024, diskGiB: 10 },
  swapMiB: 0,
  dataDisksGiB: [],
};

export function digest(text: string): Digest {
  return text as Digest;
}

export function node(name: string, ...roles: string[]): DesiredNode {
  const all = ['basic', ...roles];
  return {
    name: name as NodeName,
    roles: all,
    digests: Object.fromEntries(all.map((role) => [role, digest(`${name}-${role}`)])),
    power: 'on',
    shape: SHAPE,
  };
}

const NO_ABILITIES = { join: false, leave: false, drain: false, undrain: false, remove: false };

export function role(
  name: string,
  requires: readonly string[] = [],
  part: Partial<Omit<PlannedRole, 'can'>> & { readonly can?: Partial<PlannedRole['can']> } = {},
): PlannedRole {
  return {
    name,
    requires,
    factsFrom: [],
    names: requires,
    hasReadyProbe: name !== 'basic',
    isAnyEnough: false,
    hasAcceptance: false,
    update: { maxUnavailable: { count: 1 }, quorum: false },
    data: null,
    ...part,
    can: { ...NO_ABILITIES, ...part.can },
  };
}

/** A role whose members decide by majority and keep a list of each other. */
export function quorumRole(name: string, requires: readonly string[] = []): PlannedRole {
  const update = { maxUnavailable: { count: 1 }, quorum: true };
  return role(name, requires, { update, can: { join: true, leave: true } });
}

/** A cluster that is as it should be: everything applied, every role ready once. */
export function observedAfter(desired: Desired): Observed {
  const probed = new Set(desired.roles.filter(({ hasReadyProbe }) => hasReadyProbe).map(({ name }) => name));
  return {
    nodes: desired.nodes.map(({ name, roles }) => ({
      name,
      roles,
      memberOf: roles.filter((each) => probed.has(each)),
    })),
    machines: desired.nodes.map((each) => ({
      machineId: `id-${each.name}`,
      node: each.name,
      generation: 1,
      state: 'on',
      current: true,
      shape: each.shape,
    })),
    applied: Object.fromEntries(
      desired.nodes.map((each) => [each.name, each.digests as Readonly<Record<string, Digest>>]),
    ),
  };
}

/** What is observed once the new nodes of a changed cluster are recorded. */
export function withPlaces(observed: Observed, desired: Desired): Observed {
  const known = new Set(observed.nodes.map(({ name }) => name));
  const added = desired.nodes.filter(({ name }) => !known.has(name));
  return {
    ...observed,
    nodes: [...observed.nodes, ...added.map(({ name, roles }) => ({ name, roles, memberOf: [] }))],
  };
}

/** What is observed after a step. */
export function afterStep(observed: Observed, step: Step, desired: Desired): Observed {
  switch (step.kind) {
    case 'machine':
      return afterMachine(observed, step, desired);
    case 'converge':
    case 'packages': {
      const key = step.kind === 'packages' ? 'packages' : step.role;
      const wanted = desired.nodes.find(({ name }) => name === step.node)?.digests[key];
      return withApplied(observed, step.node, { ...observed.applied[step.node], [key]: wanted ?? digest('later') });
    }
    case 'remove': {
      const { [step.role]: _gone, ...rest } = observed.applied[step.node] ?? {};
      return withApplied(observed, step.node, rest);
    }
    case 'ready':
      return step.nodes.reduce((state, name) => withMember(state, name, [step.role, true]), observed);
    case 'join':
      return withMember(observed, step.node, [step.role, true]);
    case 'leave':
      return withMember(observed, step.node, [step.role, false]);
    case 'resize':
      return withMachine(observed, step.machineId, { shape: step.shape });
    case 'power':
      return withMachine(observed, step.machineId, { state: 'off' });
    case 'destroy':
      return { ...observed, machines: observed.machines.filter(({ machineId }) => machineId !== step.machineId) };
    case 'forget':
      return { ...observed, nodes: observed.nodes.filter(({ name }) => name !== step.node) };
    default:
      return observed;
  }
}

/** What is observed once all steps ended well. */
export function afterSteps(observed: Observed, steps: readonly Step[], desired: Desired): Observed {
  return flattenSteps(steps).reduce((state, step) => afterStep(state, step, desired), observed);
}

function afterMachine(observed: Observed, step: Step & { kind: 'machine' }, desired: Desired): Observed {
  const current = observed.machines.find((machine) => machine.node === step.node && machine.current);
  if (step.start && current !== undefined) return withMachine(observed, current.machineId, { state: 'on' });
  const shape = desired.nodes.find(({ name }) => name === step.node)?.shape ?? null;
  const made: ObservedMachine = {
    machineId: `id-${step.node}#${String(step.generation)}`,
    node: step.node,
    generation: step.generation,
    state: 'on',
    current: true,
    shape,
  };
  const others = observed.machines.filter((machine) => machine.node !== step.node);
  return withApplied({ ...observed, machines: [...others, made] }, step.node, {});
}

function withApplied(observed: Observed, name: NodeName, applied: Readonly<Record<string, Digest>>): Observed {
  return { ...observed, applied: { ...observed.applied, [name]: applied } };
}

function withMachine(observed: Observed, machineId: string, change: Partial<ObservedMachine>): Observed {
  const machines = observed.machines.map((each) => (each.machineId === machineId ? { ...each, ...change } : each));
  return { ...observed, machines };
}

function withMember(observed: Observed, name: NodeName, [role, isIn]: readonly [string, boolean]): Observed {
  const nodes = observed.nodes.map((each) => {
    if (each.name !== name) return each;
    const others = each.memberOf.filter((other) => other !== role);
    return { ...each, memberOf: isIn ? [...others, role] : others };
  });
  return { ...observed, nodes };
}

export function ids(steps: readonly Step[]): readonly string[] {
  return steps.map((step) => step.id);
}

export function find(steps: readonly Step[], id: string): Step {
  const step = flattenSteps(steps).find((each) => each.id === id);
  if (step === undefined) throw new Error(`no step ${id} among ${ids(steps).join(', ')}`);
  return step;
}
