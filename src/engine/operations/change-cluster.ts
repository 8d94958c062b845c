import { digestOf } from '../../cookbook/canonical-json.js';
import { BdeError } from '../../errors/bde-error.js';
import type { Plan } from '../../plan/plan.js';
import type { EngineDependencies, StopSignals } from '../context.js';
import type { ClusterRecord } from '../ports/store.js';
import type { ChangeRequest } from './change-request.js';
import { continueChange } from './continue-change.js';
import { holdCluster } from './hold-cluster.js';
import { prepareChange } from './prepare-change.js';
import { changedSecrets, type Proposal } from './propose-change.js';
import { recordChange } from './record-change.js';

/** Records a change of what is desired, and runs what follows from it to its end. Returns false where nothing did. */
export async function changeCluster(
  request: ChangeRequest,
  cluster: Pick<ClusterRecord, 'id' | 'name'>,
  given: {
    readonly deps: EngineDependencies;
    readonly stop: StopSignals;
    /** A plan that was saved, and has to be what would be planned now. */
    readonly expected?: Plan;
    readonly onWarning: (text: string) => void;
  },
): Promise<boolean> {
  const { deps, stop, expected } = given;
  return holdCluster(deps, cluster, async (lease, held) => {
    const prepared = await prepareChange(request, held, deps);
    if (expected !== undefined) refuseOutdated(expected, prepared.plan);
    for (const warning of prepared.warnings) given.onWarning(warning);
    const { proposal, plan } = prepared;
    // What is wanted is worth recording also where no step follows from it: the next change begins with that.
    const isDone = plan.steps.length === 0 && !isWorthRecording(proposal);
    if (isDone && !isToSettle(request, held)) return false;
    stop.stopStarting.throwIfAborted();
    const { changed, operation } = await recordChange(request, { held, lease, deps, proposal });
    deps.faults.reach({ kind: `begin-${request.kind}` }, 'recorded');
    await continueChange({ deps, cluster: changed, operation, lease, stop });
    return true;
  });
}

function isWorthRecording(proposal: Proposal): boolean {
  const { isPreparedAnew, isOther, isOtherPower } = proposal;
  return isPreparedAnew || isOther || isOtherPower || changedSecrets(proposal).length > 0;
}

/** Where nothing is left to do, a cluster that an earlier operation left in between is as it should be: that is recorded. */
function isToSettle({ leaveAlone }: ChangeRequest, { state }: ClusterRecord): boolean {
  return leaveAlone.length === 0 && state !== 'RUNNING' && state !== 'STOPPED';
}

/** A saved plan is a promise: what it saw, and what follows from it, must be the same still. */
function refuseOutdated(expected: Plan, now: Plan): void {
  if (expected.base !== now.base) throw outdated(expected, 'what is observed has changed since');
  if (digestOf(expected.steps) !== digestOf(now.steps)) throw outdated(expected, 'other steps follow from it now');
}

function outdated({ cluster }: Plan, why: string): BdeError {
  return new BdeError('PLAN_OUTDATED', `The saved plan for ${cluster} is refused: ${why}.`, {
    subject: { cluster },
    hint: 'Make the plan anew, look at it, and apply that.',
  });
}
