import type { RunLine } from '../../../cookbook/parse-run-line.js';

/** What a run said of one resource. */
export type ResourceLine = Extract<RunLine, { resource: string }>;

/** The lines of one run on a node. */
export interface NodeRun {
  readonly node: string;
  /** Or `packages`. */
  readonly role: string;
  readonly lines: readonly ResourceLine[];
}

/** One resource over all runs of a test. */
export interface TestedResource {
  readonly node: string;
  readonly role: string;
  /** `template[/etc/x]`, or an action: `restart service[x]`. */
  readonly resource: string;
  /** Null where the run did not come to it. */
  readonly first: ResourceLine['outcome'] | null;
  readonly firstMs: number | null;
  /** What a check said before the second run. */
  readonly check: ResourceLine['outcome'] | null;
  readonly second: ResourceLine['outcome'] | null;
  readonly secondMs: number | null;
  /** What the second run said of its change. */
  readonly detail: string | null;
}

/** What two runs, and a check between them, say of a cookbook. */
export interface TestJudgement {
  /** True where the second run changed nothing. */
  readonly idempotent: boolean;
  /** The slowest first, by the longer of both runs. */
  readonly resources: readonly TestedResource[];
  readonly changedFirst: number;
  readonly changedAgain: readonly TestedResource[];
  /** The check said one thing, the run after it did another. */
  readonly disagreements: readonly TestedResource[];
}

/** Compares the runs of a test, resource by resource. */
export function judgeTest(runs: {
  readonly first: readonly NodeRun[];
  readonly check: readonly NodeRun[];
  readonly second: readonly NodeRun[];
}): TestJudgement {
  const [first, check, second] = [linesByKey(runs.first), linesByKey(runs.check), linesByKey(runs.second)];
  const keys = [...new Set([...first.keys(), ...second.keys()])];
  const resources = keys.map((key) => testedResource(key, first.get(key), check.get(key), second.get(key)));
  const changedAgain = resources.filter((each) => each.second === 'changed');
  return {
    idempotent: changedAgain.length === 0,
    resources: resources.toSorted((one, other) => longestMs(other) - longestMs(one)),
    changedFirst: resources.filter((each) => each.first === 'changed').length,
    changedAgain,
    disagreements: resources.filter(disagrees),
  };
}

type Key = readonly [node: string, role: string, resource: string];

function linesByKey(runs: readonly NodeRun[]): ReadonlyMap<string, ResourceLine> {
  return new Map(
    runs.flatMap(({ node, role, lines }) =>
      lines.map((line) => [JSON.stringify([node, role, line.resource] satisfies Key), line] as const),
    ),
  );
}

function testedResource(
  key: string,
  first: ResourceLine | undefined,
  check: ResourceLine | undefined,
  second: ResourceLine | undefined,
): TestedResource {
  const [node, role, resource] = JSON.parse(key) as Key;
  return {
    node,
    role,
    resource,
    first: first?.outcome ?? null,
    firstMs: first?.ms ?? null,
    check: check?.outcome ?? null,
    second: second?.outcome ?? null,
    secondMs: second?.ms ?? null,
    detail: second?.detail ?? null,
  };
}

function longestMs({ firstMs, secondMs }: TestedResource): number {
  return Math.max(firstMs ?? 0, secondMs ?? 0);
}

/** An action runs only behind a change, so a check says nothing of it; `unknown` is no promise. */
function disagrees({ check, second }: TestedResource): boolean {
  if (check === null || second === null || check === 'unknown') return false;
  return (check === 'would-change') !== (second === 'changed');
}
