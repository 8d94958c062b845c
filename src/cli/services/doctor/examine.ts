import { openProvider } from '../../wire.js';
import { unguarded } from '../run-home-operation.js';
import { withHomeOperation } from '../with-home-operation.js';
import { diagnose } from './diagnose.js';
import type { Finding } from './finding.js';
import { gatherFacts } from './gather-facts.js';
import { mend, planMending, questionOf, type Mending } from './mend.js';

/** `bde doctor`; `formatVersion` 1. */
export interface DoctorReport {
  readonly formatVersion: 1;
  /** True where no finding is a problem. */
  readonly healthy: boolean;
  readonly findings: readonly Finding[];
  /** What `--fix` did, one line each. */
  readonly mended: readonly string[];
}

/** What was found, and what could be done about it at once. */
export interface Examination {
  readonly report: DoctorReport;
  readonly mending: Mending;
  /** Goes before the mending; null where there is nothing to mend. */
  readonly question: string | null;
}

/** Looks at everything; changes nothing. */
export async function examine(options: { readonly destroyUnknown: boolean }): Promise<Examination> {
  const facts = await gatherFacts();
  const mending = planMending(facts, options);
  return { report: reportOn(diagnose(facts), []), mending, question: questionOf(mending) };
}

/** Mends what was found, and looks again. */
export async function mendFindings(mending: Mending): Promise<DoctorReport> {
  const request = { machines: mending.machines.map(({ machineId }) => machineId), orphans: mending.orphans };
  const mended = await withHomeOperation({ kind: 'doctor-fix', request }, async (store) =>
    mend(mending, {
      provider: await openProvider(),
      operations: store.operations,
      guard: unguarded,
      now: Date.now(),
    }),
  );
  return reportOn(diagnose(await gatherFacts()), mended);
}

function reportOn(findings: readonly Finding[], mended: readonly string[]): DoctorReport {
  return { formatVersion: 1, healthy: findings.every(({ level }) => level !== 'problem'), findings, mended };
}
