import type { RunRequest } from '../engine/ports/nodes.js';
import { checkName } from './check-name.js';
import type { ShellRequest } from './node-shell.js';
import type { RunScript } from './run-script.js';

/** What the wrapper takes for none. */
const NO_DIGEST = '-';

/** What goes to a node to start a run. */
export interface RunStart {
  readonly request: RunRequest;
  readonly script: RunScript;
  readonly lockSeconds: number;
  /** Sums of what goes along with the script: the shared part, contents that the node asked for. */
  readonly along: readonly string[];
}

/** The request that starts a run: the script's own part, then what goes along with it. */
export function startRequest({ request, script, lockSeconds, along }: RunStart): ShellRequest {
  const { runId, epoch, key, digest, mode } = request;
  const names = [
    ...[runId, String(epoch), key].map(checkName),
    digest === null ? NO_DIGEST : checkName(digest),
    checkName(mode),
  ];
  const seconds = Math.max(1, Math.ceil(request.timeoutMs / 1000));
  const parts = along.map((sum) => ({ sum, bytes: findPart(sum, request, script) ?? Buffer.alloc(0) }));
  return {
    verb: 'start',
    args: [
      ...[...names, String(seconds), String(lockSeconds), script.sharedSum, String(script.own.length)],
      ...parts.flatMap(({ sum, bytes }) => [sum, String(bytes.length)]),
    ],
    payload: Buffer.concat([script.own, ...parts.map(({ bytes }) => bytes)]),
  };
}

/** The bytes of this sum, where the run has any. */
export function findPart(sum: string, { contents = {} }: RunRequest, script: RunScript): Buffer | undefined {
  if (sum === script.sharedSum) return script.shared;
  return Object.hasOwn(contents, sum) ? contents[sum] : undefined;
}
