import { renderTable } from '../report/render-table.js';
import type { OperationDetail } from './services/operations.js';

/** An operation as lines: head, then its steps. */
export function renderOperation(operation: OperationDetail): readonly string[] {
  const cluster = operation.cluster === null ? 'this home' : operation.cluster;
  return [
    `${operation.kind} of ${cluster}: ${operation.state}${operation.outcome === null ? '' : `, ${operation.outcome}`}`,
    `asked by ${operation.user}@${operation.host} at ${operation.startedAt}, ended ${operation.endedAt ?? 'not yet'}`,
    ...renderLinks(operation),
    `request ${JSON.stringify(operation.request)}`,
    '',
    ...renderTable({
      columns: [{ title: 'step' }, { title: 'state' }, { title: 'why' }],
      rows: operation.steps.map((step) => [step.id, step.state, step.why]),
    }),
  ];
}

/** What an operation has to do with others: one line each. */
export function renderLinks({ undoes, undoneBy }: Pick<OperationDetail, 'undoes' | 'undoneBy'>): readonly string[] {
  return [
    ...(undoes === null ? [] : [`followed operation ${undoes}, to roll back what it changed`]),
    ...(undoneBy === null ? [] : [`followed by operation ${undoneBy}, which rolls back what it changed`]),
  ];
}
