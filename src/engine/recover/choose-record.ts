import type { ClusterRecordContent } from '../ports/cluster-records.js';
import { compareNumbers, numberOf } from './record-number.js';

/** A record that verified, and the machine that showed it. */
export interface VerifiedRecord {
  readonly node: string;
  readonly content: ClusterRecordContent;
}

/** The record to go by. */
export interface ChosenRecord {
  readonly content: ClusterRecordContent;
  /** Nodes that hold it, in the order given. */
  readonly from: readonly string[];
  /** Nodes that hold one with a lower number. */
  readonly behind: readonly string[];
}

/** Of records of one cluster, all verified, the one with the highest number; null where there is none. */
export function chooseRecord(records: readonly VerifiedRecord[]): ChosenRecord | null {
  const best = records.reduce<VerifiedRecord | null>(
    (highest, each) =>
      highest === null || compareNumbers(numberOf(each.content), numberOf(highest.content)) > 0 ? each : highest,
    null,
  );
  if (best === null) return null;
  const isBest = ({ content }: VerifiedRecord): boolean =>
    compareNumbers(numberOf(content), numberOf(best.content)) === 0;
  return {
    content: best.content,
    from: records.filter(isBest).map(({ node }) => node),
    behind: records.filter((each) => !isBest(each)).map(({ node }) => node),
  };
}
