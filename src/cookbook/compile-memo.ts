import type { Cookbook } from './cookbook.js';
import { observedNode, type NodeReading } from './observed-node.js';
import type { CompileInput, RunMemo } from './types.js';

/** Gives what a key came to on a like node, or else computes it; what is not whole is not remembered. */
export type Recall = <Value>(key: object, compute: () => Value, isWhole?: () => boolean) => Value;

/** Remembers nothing. */
export const computeAlways: Recall = (_key, compute) => compute();

/**
 * What is computed of an input; or what it came to for a like node, where the input has a memo. `run` names what that is: parts
 * of other runs are others. `compute` may look at the input only that it is given.
 *
 * Inputs differ from node to node in the node itself and its certificate; all else is one and the same for a role. What is
 * read of these two is noted while a part is computed, and what it came to is given again where all that it read has the same
 * values. So nothing has to be known of what a part reads, and what it does not read cannot have changed it.
 */
export function recallRun<Value>(
  input: CompileInput,
  cookbooks: readonly Cookbook[],
  run: string,
  compute: (input: CompileInput, recall: Recall) => Value,
): Value {
  if (input.memo === undefined) return compute(input, computeAlways);
  const observed = new ObservedInput(input, partsOf(input.memo, input, { cookbooks, run }));
  return observed.recall(WHOLE, () => compute(observed.input, observed.recall));
}

const WHOLE = {};

/** The parts of such runs that were made of the same. */
function partsOf(
  memo: RunMemo,
  input: CompileInput,
  { cookbooks, run }: { readonly cookbooks: readonly Cookbook[]; readonly run: string },
): RunParts {
  const key = `${run} ${input.role}`;
  const known = memo.get(key) as RunParts | undefined;
  if (known?.cookbooks === cookbooks && isSameGround(known.input, input)) return known;
  const parts = { input, cookbooks, kept: new Map<object, readonly KeptPart[]>() };
  memo.set(key, parts);
  return parts;
}

/** What the parts of one run came to, as long as all is the same that does not differ from node to node. */
interface RunParts {
  readonly input: CompileInput;
  readonly cookbooks: readonly Cookbook[];
  readonly kept: Map<object, readonly KeptPart[]>;
}

interface KeptPart {
  readonly reads: ReadonlyMap<Reading, unknown>;
  readonly value: unknown;
}

type Reading = NodeReading | 'certificate';

/** More would only be kept for nodes that are all different. */
const KEPT = 4;

/** Fields that a node has for itself; whether it has a certificate is not for itself. */
const OWN: ReadonlySet<string> = new Set(['node', 'certificate']);

function isSameGround(one: CompileInput, other: CompileInput): boolean {
  return isGroundIn(one, other) && isGroundIn(other, one);
}

function isGroundIn(one: CompileInput, other: CompileInput): boolean {
  for (const key in one) {
    const field = key as keyof CompileInput;
    if (OWN.has(field) ? !(field in other) : one[field] !== other[field]) return false;
  }
  return true;
}

/** An input that notes what is read of what differs from node to node. */
class ObservedInput {
  readonly #input: CompileInput;
  readonly #kept: RunParts['kept'];
  #observed: CompileInput | undefined;
  /** What the part reads that is computed now; a part that stands in another one reads for both. */
  #reads = new Map<Reading, unknown>();

  constructor(input: CompileInput, { kept }: RunParts) {
    this.#input = input;
    this.#kept = kept;
  }

  /** Made when it is first asked for: mostly all that it would be asked for is known. */
  get input(): CompileInput {
    return (this.#observed ??= this.#observe());
  }

  readonly recall: Recall = <Value>(key: object, compute: () => Value, isWhole = () => true): Value => {
    const parts = this.#kept.get(key) ?? [];
    const found = parts.find((part) => this.#isAsRead(part));
    const part = found ?? this.#during(compute);
    for (const [read, value] of part.reads) this.#reads.set(read, value);
    if (found === undefined && isWhole()) this.#kept.set(key, [part, ...parts.slice(0, KEPT - 1)]);
    return part.value as Value;
  };

  #isAsRead({ reads }: KeptPart): boolean {
    for (const [read, value] of reads) if (!isSame(value, this.#read(read))) return false;
    return true;
  }

  #read(read: Reading): unknown {
    const { node, certificate } = this.#input;
    return read === 'certificate' ? certificate : read === 'itself' ? node : node[read];
  }

  #during(compute: () => unknown): KeptPart {
    const outer = this.#reads;
    const reads = new Map<Reading, unknown>();
    this.#reads = reads;
    try {
      return { reads, value: compute() };
    } finally {
      this.#reads = outer;
    }
  }

  #note(read: Reading): void {
    this.#reads.set(read, this.#read(read));
  }

  /** Whoever copies it reads all of it. */
  #observe(): CompileInput {
    const { certificate, ...rest } = this.#input;
    const observed = { ...rest, node: observedNode(rest.node, (read) => this.#note(read)) };
    if (certificate === undefined) return observed;
    const get = (): typeof certificate => {
      this.#note('certificate');
      return certificate;
    };
    return Object.defineProperty(observed, 'certificate', { enumerable: true, get });
  }
}

/** Lists of a node are made for each node, and hold only texts. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  return one.every((each, index) => Object.is(each, other[index]));
}
