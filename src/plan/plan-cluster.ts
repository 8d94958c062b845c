import { ClusterView, type PlanOptions } from './cluster-view.js';
import type { Desired, DesiredNode, Observed, PlannedRole } from './desired.js';
import { planAcceptance, planRecord, planUndrains } from './plan-closing.js';
import { planCertificates } from './plan-certificates.js';
import { planDepartures, planRemovals } from './plan-departures.js';
import { planBases, planMachines, planRetired } from './plan-entries.js';
import { planExchanges } from './plan-exchanges.js';
import { gatherRuns, planRole, readyStep } from './plan-role.js';
import { planStops } from './plan-stops.js';
import type { Step } from './plan.js';
import { StepList } from './step-list.js';

/**
 * The steps that turn what is observed into what is desired, in an order that respects `after`.
 *
 * Empty when nothing differs. The unit of order is (node, role): a role's nodes converge once every role it requires is
 * ready; the roles of one node follow each other. Nothing waits for more than that. What serves already changes by its
 * update rule: new members in turn, then old ones in a rolling step, then departures in turn.
 */
export function planCluster(desired: Desired, observed: Observed, options: PlanOptions): readonly Step[] {
  const view = new ClusterView(desired, observed, options);
  const list = new StepList();
  planRetired(view, list);
  planCertificates(view, list);
  planEntries(view, list);
  planRemovals(view, list);
  planDepartures(view, list);
  planStops(view, list);
  planUndrains(view, list);
  planExchanges(view, list);
  planAcceptance(view, list);
  planRecord(view, list);
  return list.steps;
}

/**
 * Machines, base and roles. Fresh machines come up side by side at once; machines that were stopped start in the order of
 * their roles, each when what its first role requires is ready.
 */
function planEntries(view: ClusterView, list: StepList): void {
  const [base, ...roles] = view.order;
  const isLater = (node: DesiredNode): boolean => view.isStarted(node.name) && node.roles.length > 1;
  const later = view.running.filter(isLater);
  const entered = new Set(view.running.filter((node) => !isLater(node)));
  planMachines(view, list, { nodes: [...entered], waits: [] });
  planBases(view, list, [...entered]);
  if (base !== undefined) planBaseReadiness(view, list, base);
  for (const role of roles) {
    const nodes = later.filter((node) => !entered.has(node) && node.roles.includes(role.name));
    planMachines(view, list, { nodes, waits: list.settledOf([...role.requires, ...role.factsFrom]) });
    planBases(view, list, nodes);
    for (const node of nodes) entered.add(node);
    planRole(view, list, role);
  }
}

/** The base role has no service to speak of; where it has a probe all the same, it is asked on the nodes where it ran. */
function planBaseReadiness(view: ClusterView, list: StepList, base: PlannedRole): void {
  const nodes = list.workOf(base.name);
  const runs = list.settledOf([base.name]);
  if (nodes.length === 0) return;
  const why = `${String(nodes.length)} of its nodes converge`;
  const settled = base.hasReadyProbe
    ? [list.add(readyStep(base.name, nodes, { after: runs, why }))]
    : gatherRuns(view, list, { role: base, runs });
  list.settle(base.name, settled);
}
