import type { ClusterRecordContent, RecordNumber } from '../ports/cluster-records.js';

/** The number of the record with this content. */
export function numberOf({ cluster }: Pick<ClusterRecordContent, 'cluster'>): RecordNumber {
  return { epoch: cluster.epoch, count: cluster.recordCount };
}

/** Above 0 where the first one is the higher: by epoch, then by count. */
export function compareNumbers(one: RecordNumber, other: RecordNumber): number {
  return one.epoch - other.epoch || one.count - other.count;
}

/** `epoch 4, count 1` */
export function describeNumber({ epoch, count }: RecordNumber): string {
  return `epoch ${String(epoch)}, count ${String(count)}`;
}
