import type { ChangeOrder } from './change-request.js';
import type { OperationRun } from './operation-run.js';

/** What can be done about a change that failed and stays as it is: what the failure itself says, another value, the way back. */
export function waysOn(
  { cluster: { name }, operation: { kind } }: Pick<OperationRun, 'cluster' | 'operation'>,
  { before }: Pick<ChangeOrder, 'before'>,
  hint: string | undefined,
): string | undefined {
  const ways = [
    ...(hint === undefined ? [] : [hint.replace(/\.$/, '')]),
    ...(kind === 'config' ? [`give another value: bde cluster config ${name} --set PATH=VALUE`] : []),
    ...(before === undefined || kind === 'rollback'
      ? []
      : [`go back to what was before: bde cluster upgrade ${name} --rollback`]),
  ];
  if (ways.length === 0) return undefined;
  const text = ways.join('; or ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
