import { parseRunLine, type RunLine } from '../../cookbook/parse-run-line.js';
import type { Json } from '../../cookbook/types.js';
import type { Digest } from '../../errors/ids.js';
import type { JournalData } from '../journal.js';
import type { RunEnd } from '../ports/nodes.js';
import type { Redactor } from '../redact-secrets.js';

/** What a run says of one resource. */
export type ResourceLine = Extract<RunLine, { resource: string }>;

/** What is journaled of a run, however it ended: no secret, and no more than a journal row should hold. */
export interface RunResult extends JournalData {
  readonly end: RunEnd;
  readonly digest: Digest;
  readonly lines: readonly ResourceLine[];
  readonly counts: Readonly<Partial<Record<ResourceLine['outcome'], number>>>;
  /** Lines that are only counted, for there were too many. */
  readonly leftOut: number;
  readonly facts: readonly ExportedFact[];
  /** Why the facts are refused; null where they fit what the role declares. */
  readonly factProblem: string | null;
}

/** A fact as it is kept: sealed text where it is secret. */
export interface ExportedFact {
  readonly name: string;
  readonly value: Json;
  readonly secret: boolean;
}

/** Beyond this many characters of lines only failures are kept, and beyond twice as many nothing is. */
const LINES_LIMIT = 256 * 1024;
const STDERR_LIMIT = 16 * 1024;

/** Gathers what a run prints while it is followed. A node's output is hostile: it is bounded and redacted here. */
export class RunOutput {
  readonly #redact: Redactor;
  readonly #counts: Partial<Record<ResourceLine['outcome'], number>> = {};
  readonly #lines: ResourceLine[] = [];
  readonly #facts = new Map<string, Json>();
  #size = 0;
  #factsSize = 0;
  #leftOut = 0;

  constructor(redact: Redactor) {
    this.#redact = redact;
  }

  /** Takes one line; what is no result line is dropped. */
  push(line: string): void {
    const parsed = parseRunLine(line);
    if (parsed === null) return;
    if ('fact' in parsed) this.#keepFact(parsed, line.length);
    else this.#keepResult(parsed);
  }

  /** By name, unchecked; a run that exports more of them than any role declares is cut off. */
  get facts(): ReadonlyMap<string, Json> {
    return this.#facts;
  }

  result(end: RunEnd): Pick<RunResult, 'end' | 'lines' | 'counts' | 'leftOut'> {
    const stderr = end.state === 'exited' ? this.#redact(end.stderr).slice(-STDERR_LIMIT) : '';
    return {
      end: end.state === 'exited' ? { ...end, stderr } : end,
      lines: this.#lines,
      counts: this.#counts,
      leftOut: this.#leftOut,
    };
  }

  #keepFact({ fact, value }: Extract<RunLine, { fact: string }>, size: number): void {
    if (!this.#facts.has(fact) && this.#facts.size >= FACTS_LIMIT) return;
    this.#factsSize += size;
    if (this.#factsSize <= FACTS_SIZE_LIMIT) this.#facts.set(fact, value);
  }

  #keepResult(line: ResourceLine): void {
    this.#counts[line.outcome] = (this.#counts[line.outcome] ?? 0) + 1;
    const redacted = redactLine(line, this.#redact);
    const limit = line.outcome === 'failed' ? 2 * LINES_LIMIT : LINES_LIMIT;
    const size = this.#size + JSON.stringify(redacted).length;
    if (size > limit) {
      this.#leftOut += 1;
      return;
    }
    this.#size = size;
    this.#lines.push(redacted);
  }
}

const FACTS_LIMIT = 100;
/** Characters of all lines that bring facts: what comes later is dropped, and missing to who declared it. */
const FACTS_SIZE_LIMIT = 4 * 1024 * 1024;

function redactLine(line: ResourceLine, redact: Redactor): ResourceLine {
  const { detail, diff } = line;
  return {
    ...line,
    resource: redact(line.resource),
    ...(detail === undefined ? {} : { detail: redact(detail) }),
    ...(diff === undefined ? {} : { diff: redact(diff) }),
  };
}
