import type { Digest } from '../errors/ids.js';
import type { PlanOptions } from './cluster-view.js';
import type { Desired, DesiredNode, Observed, ObservedMachine } from './desired.js';
import { planCluster } from './plan-cluster.js';
import { stepId, type CertificateAct, type MemberStep, type Step } from './plan.js';

/**
 * The steps that put another authority in the place of the one that signs, so that at every moment everybody trusts
 * whatever anybody shows: all nodes trust both; then nodes get certificates of the new one; then the old one is dropped.
 * Each phase begins when the one before it has ended well, on every node.
 */
export function planAuthorityRotation(desired: Desired, observed: Observed, options: PlanOptions): readonly Step[] {
  const settled = settledOf(desired);
  const phase = (certificates: CertificateAct, seen: Observed): readonly Step[] =>
    planCluster(desired, seen, { ...options, certificates }).map((step) => prefixed(step, certificates));
  const trust = phase('trust', observed);
  const sign = phase('sign', settled);
  return [...trust, ...behind(sign, trust), ...behind(phase('drop', settled), sign)];
}

/** What is there once a phase has ended well: everything as it is desired. */
function settledOf({ nodes, roles }: Desired): Observed {
  const probed = new Set(roles.filter(({ hasReadyProbe }) => hasReadyProbe).map(({ name }) => name));
  return {
    nodes: nodes.map(({ name, roles: borne }) => ({
      name,
      roles: borne,
      memberOf: borne.filter((role) => probed.has(role)),
    })),
    machines: nodes.map(settledMachine),
    applied: Object.fromEntries(nodes.map(({ name, digests }) => [name, knownDigests(digests)])),
  };
}

function settledMachine({ name, power, shape }: DesiredNode): ObservedMachine {
  return { machineId: '', node: name, generation: 1, state: power, current: true, shape };
}

function knownDigests(digests: DesiredNode['digests']): Readonly<Record<string, Digest>> {
  return Object.fromEntries(
    Object.entries(digests).flatMap(([key, digest]) => (digest === null ? [] : [[key, digest]])),
  );
}

function prefixed(step: Step, phase: CertificateAct): Step {
  if (step.kind !== 'roll') return renamed(step, phase);
  const members = step.members.map((member) => ({
    ...member,
    steps: member.steps.map((each): MemberStep => renamed(each, phase)),
  }));
  return { ...renamed(step, phase), members };
}

function renamed<Each extends Step>(step: Each, phase: CertificateAct): Each {
  return { ...step, id: stepId(phase, step.id), after: step.after.map((id) => stepId(phase, id)) };
}

/** Steps that wait for all of others: those that waited for nothing do. */
function behind(steps: readonly Step[], others: readonly Step[]): readonly Step[] {
  const all = others.map(({ id }) => id);
  return steps.map((step) => (step.after.length === 0 ? { ...step, after: all } : step));
}
