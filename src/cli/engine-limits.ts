import type { EngineLimits } from '../engine/context.js';
import { BdeError } from '../errors/bde-error.js';

/** Bounds that suit one host of two cores and hosts of many. */
const LIMITS: EngineLimits = {
  leaseTtlMs: 30_000,
  listenMs: 1_000,
  connectsAtOnce: 32,
  machinesAtOnce: 8,
  convergesAtOnce: 24,
  machineUpMs: 120_000,
  replacements: 2,
  runTimeoutMs: 30 * 60_000,
  pollMs: 300,
  clockSkewMs: 30_000,
};

/**
 * The engine's bounds; `BDE_LEASE_SECONDS` and `BDE_MACHINE_UP_SECONDS` change two of them (see `docs/faults.md`).
 *
 * @throws BdeError `USAGE`
 */
export function engineLimits(environment: NodeJS.ProcessEnv): EngineLimits {
  return {
    ...LIMITS,
    leaseTtlMs: secondsOf('BDE_LEASE_SECONDS', environment) ?? LIMITS.leaseTtlMs,
    machineUpMs: secondsOf('BDE_MACHINE_UP_SECONDS', environment) ?? LIMITS.machineUpMs,
  };
}

/** In milliseconds; undefined where it is not set. */
function secondsOf(name: string, environment: NodeJS.ProcessEnv): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
  throw new BdeError('USAGE', `${name} is ${JSON.stringify(text)}, which is no number of seconds above 0.`, {
    hint: `Unset ${name}, or give it a number such as 30.`,
  });
}
