const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A duration for sentences and tables: `340 ms`, `4.2 s`, `1 min 05 s`, `2 h 03 min`. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, Math.round(durationMs));
  if (ms < SECOND) return `${ms} ms`;
  if (ms < MINUTE - 50) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < HOUR - SECOND / 2) return splitUnits(Math.round(ms / SECOND), 'min', 's');
  return splitUnits(Math.round(ms / MINUTE), 'h', 'min');
}

/** A running clock: `0:07`, `12:40`, `1:02:03`; whole seconds, rounded down so that it never runs ahead. */
export function formatElapsed(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / SECOND));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const tail = `${hours > 0 ? twoDigits(minutes) : minutes}:${twoDigits(seconds % 60)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

function splitUnits(total: number, large: string, small: string): string {
  return `${Math.floor(total / 60)} ${large} ${twoDigits(total % 60)} ${small}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
