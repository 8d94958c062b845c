import type { RunLog } from './services/cluster-logs.js';

/** One run as lines: its step and end, each resource that did something, and the last of what it printed on stderr. */
export function renderRunLog(log: RunLog): readonly string[] {
  return [`${log.at}  ${log.stepId}  ${endText(log)}`, ...resourceLines(log), ...stderrLines(log)];
}

function endText({ end }: RunLog): string {
  return end.state === 'exited' ? `exit ${String(end.exitCode)}` : end.state;
}

function resourceLines({ lines }: RunLog): readonly string[] {
  const results = lines.filter((line) => 'resource' in line);
  const unchanged = results.filter((line) => line.outcome === 'unchanged').length;
  const told = results
    .filter((line) => line.outcome !== 'unchanged')
    .map(
      (line) => `  ${line.outcome.padEnd(9)} ${line.resource}${line.detail === undefined ? '' : `: ${line.detail}`}`,
    );
  return [...told, ...(unchanged === 0 ? [] : [`  unchanged ${String(unchanged)} more`])];
}

function stderrLines({ end }: RunLog): readonly string[] {
  if (end.state !== 'exited' || end.stderr.trim() === '') return [];
  return end.stderr
    .trim()
    .split('\n')
    .slice(-20)
    .map((line) => `  | ${line}`);
}
