import { BdeError } from '../../errors/bde-error.js';
import { leaseLost } from '../lease.js';
import type { RunEnd } from '../ports/nodes.js';
import type { RunOrder } from './run-order.js';
import type { ResourceLine, RunResult } from './run-result.js';

/**
 * The result of a run that ended well.
 *
 * @throws BdeError `CONVERGE_FAILED` with the resource that failed, `LEASE_LOST` where the node has another controller
 */
export function requireSuccess(
  order: Pick<RunOrder, 'node' | 'key' | 'stepId'>,
  result: RunResult,
  held: { readonly name: string; readonly epoch: number },
): RunResult {
  const { end } = result;
  if (end.state === 'exited' && end.exitCode === 0) return result;
  if (end.state === 'fenced') {
    throw leaseLost({ cluster: held.name, epoch: held.epoch }, `${order.node} follows epoch ${String(end.epoch)}`);
  }
  const failed = result.lines.find((line) => line.outcome === 'failed');
  const { name } = held;
  throw new BdeError('CONVERGE_FAILED', messageOf(order, end, failed), {
    subject: {
      cluster: name,
      node: order.node,
      role: order.key,
      step: order.stepId,
      ...(failed === undefined ? {} : { resource: failed.resource }),
    },
    hint: `Mend what it names, then run bde cluster resume ${name}; see bde cluster logs ${name} ${order.node} for all it printed.`,
    data: { stderr: end.state === 'exited' ? end.stderr.slice(-4000) : '' },
  });
}

function messageOf(
  order: Pick<RunOrder, 'node' | 'key'>,
  end: Exclude<RunEnd, { state: 'fenced' }>,
  failed: ResourceLine | undefined,
): string {
  const what = `${order.key} on ${order.node}`;
  if (failed !== undefined) return `${failed.resource} of ${what} failed: ${failed.detail ?? 'it gave no reason'}`;
  switch (end.state) {
    case 'timed-out':
      return `The run of ${what} took longer than it may and was ended on the node.`;
    case 'died':
      return `The run of ${what} ended without a result: the node went down or the run was killed.`;
    case 'exited':
      return `The run of ${what} ended with ${String(end.exitCode)}: ${lastLine(end.stderr)}`;
  }
}

function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1) ?? '';
  return line === '' ? 'it gave no reason' : line;
}
