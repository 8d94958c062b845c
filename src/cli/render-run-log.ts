import type { RunLine } from '../cookbook/parse-run-line.js';
import type { RunLog } from './services/cluster-logs.js';

type ResultLine = Extract<RunLine, { resource: string }>;

/** One run as lines: its step and end, each resource that did something, and the last of what it printed on stderr. */
export function renderRunLog(log: RunLog): readonly string[] {
  return [`${log.at}  ${log.stepId}  ${endText(log)}`, ...resourceLines(log), ...stderrLines(log)];
}

function endText({ end }: RunLog): string {
  return end.state === 'exited' ? `exit ${String(end.exitCode)}` : end.state;
}

function resourceLines({ lines }: RunLog): readonly string[] {
  const results = lines.filter((line) => 'resource' in line);
  const isQuiet = ({ outcome, tries }: ResultLine): boolean => outcome === 'unchanged' && tries === undefined;
  const quiet = results.filter(isQuiet).length;
  const told = results.filter((line) => !isQuiet(line)).map(resultLine);
  return [...told, ...(quiet === 0 ? [] : [`  unchanged ${String(quiet)} more`])];
}

/** `  changed   execute[fetch] (3 tries): runs`; one try is not worth a word. */
function resultLine({ outcome, resource, tries, detail }: ResultLine): string {
  const tried = tries === undefined ? '' : ` (${String(tries)} tries)`;
  return `  ${outcome.padEnd(9)} ${resource}${tried}${detail === undefined ? '' : `: ${detail}`}`;
}

function stderrLines({ end }: RunLog): readonly string[] {
  if (end.state !== 'exited' || end.stderr.trim() === '') return [];
  return end.stderr
    .trim()
    .split('\n')
    .slice(-20)
    .map((line) => `  | ${line}`);
}
