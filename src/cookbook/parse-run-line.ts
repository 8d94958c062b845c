import type { Json, RunLine } from './types.js';

export type { RunLine } from './types.js';

const OUTCOMES = new Set(['unchanged', 'changed', 'failed', 'would-change', 'unknown', 'skipped']);
/** A line longer than this is no result of ours. */
const MAX_LINE_LENGTH = 65_536;

/** One line of a run's output as a result or a fact; null for anything else, however it is made. */
export function parseRunLine(line: string): RunLine | null {
  if (line.length > MAX_LINE_LENGTH || !line.startsWith('{')) return null;
  const value = parseJson(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return toResult(value as Record<string, Json>);
}

function toResult(value: Readonly<Record<string, Json>>): RunLine | null {
  const { resource, outcome, ms, tries, detail, diff, fact } = value;
  if (typeof fact === 'string') return { fact, value: value['value'] ?? null };
  if (typeof resource !== 'string' || typeof outcome !== 'string' || !isOutcome(outcome)) return null;
  return {
    resource,
    outcome,
    ms: typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 ? ms : 0,
    ...(typeof tries === 'number' && Number.isSafeInteger(tries) && tries > 1 ? { tries } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
    ...(typeof diff === 'string' ? { diff } : {}),
  };
}

function isOutcome(text: string): text is Extract<RunLine, { resource: string }>['outcome'] {
  return OUTCOMES.has(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
