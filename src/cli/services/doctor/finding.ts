/** `ok` is told too: it says what was looked at. */
export type FindingLevel = 'ok' | 'warning' | 'problem';

/** One thing that `bde doctor` looked at. */
export interface Finding {
  readonly level: FindingLevel;
  /** What was looked at: `identity`, `disk`, `orphan`. */
  readonly what: string;
  /** A path, a cluster, a host; null where there is but one. */
  readonly where: string | null;
  /** A clause: what is so. */
  readonly why: string;
  /** The next command or edit; null where nothing is to do. */
  readonly next: string | null;
}
