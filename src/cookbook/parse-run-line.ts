import type { Json, RunLine } from './types.js';

export type { RunLine } from './types.js';

const OUTCOMES = new Set(['unchanged', 'changed', 'failed', 'would-change', 'unknown', 'skipped']);
/** A line longer than this is no result of ours. */
const MAX_LINE_LENGTH = 65_536;
/** A value that is deeper is none that a fact's schema describes, and would overflow the stack of who writes it down. */
const MAX_DEPTH = 100;

/** One line of a run's output as a result or a fact; null for anything else, however it is made. */
export function parseRunLine(line: string): RunLine | null {
  if (line.length > MAX_LINE_LENGTH || !line.startsWith('{')) return null;
  const value = parseJson(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  if ('fact' in value && !isShallow(line)) return null;
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

/** Judged by the text, for going through the value would take the very depth that is looked for. */
function isShallow(line: string): boolean {
  let depth = 0;
  for (const sign of line.replace(/"(?:[^"\\]|\\.)*"/g, '')) {
    if (sign === '[' || sign === '{') depth += 1;
    else if (sign === ']' || sign === '}') depth -= 1;
    if (depth > MAX_DEPTH) return false;
  }
  return true;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
