import { BdeError } from '../errors/bde-error.js';
import type { Digest, RunId } from '../errors/ids.js';
import type { Clock } from '../engine/ports/clock.js';
import type { NodeHello, RunState } from '../engine/ports/nodes.js';
import { createHead } from './bounded-output.js';
import type { KeptConnection } from './kept-connection.js';
import { NODE_TOOLS } from './node-tools.js';

/** Some lines of tools and digests; a node that says more is not listened to. */
const HELLO_LIMIT = 256 * 1024;

/** Tools, clock, epoch and applied digests, in one exchange. */
export async function askHello(connection: KeptConnection, clock: Clock): Promise<NodeHello> {
  return connection.repeat(async (shell) => {
    const said = createHead(HELLO_LIMIT);
    const askedAt = clock.now();
    let answeredAt: number | undefined;
    await shell.exchange({
      verb: 'hello',
      args: NODE_TOOLS,
      onData(stream, chunk) {
        if (stream === 'stderr') return;
        answeredAt ??= clock.now();
        said.push(chunk);
      },
    });
    return parseHello(said.text(), (askedAt + (answeredAt ?? askedAt)) / 2);
  });
}

/** Parses what `bde_hello` prints; `ourTimeMs` is our wall time when the node read its own. */
export function parseHello(text: string, ourTimeMs: number): NodeHello {
  const lines = text.split('\n').map((line) => line.split(' '));
  const values = (name: string): string[] => lines.filter(([key]) => key === name).map(([, value = '']) => value);
  const applied = lines.filter(([key, , digest]) => key === 'applied' && digest !== undefined);
  return {
    missingTools: values('missing'),
    clockSkewMs: Math.round(parseNodeTime(values('time')[0] ?? '') - ourTimeMs),
    epoch: Number(values('epoch')[0] ?? 0),
    applied: Object.fromEntries(applied.map(([, key = '', digest = '']) => [key, digest as Digest])),
  };
}

/** Milliseconds; a `date` that knows no `%3N` (busybox) gives whole seconds with other characters behind. */
function parseNodeTime(text: string): number {
  const [digits = '0'] = /^\d+/.exec(text) ?? [];
  return digits.length >= 13 ? Number(digits) : Number(digits) * 1000;
}

/**
 * Raises the node's epoch; see `NodeLink.fence`.
 *
 * @throws BdeError `RUN_REFUSED` (the node's epoch in `data`), `NODE_FAILED`
 */
export async function fenceNode(
  connection: KeptConnection,
  node: string,
  fence: { readonly epoch: number; readonly adopt: RunId | null },
): Promise<RunState> {
  let said: readonly string[] = [];
  // After a lost answer the node may have our epoch already: then it tells the state it wrote it with.
  await connection.repeat((shell, attempt) =>
    shell.exchange({
      verb: 'fence',
      args: [String(fence.epoch), fence.adopt ?? '-', attempt === 1 ? 'first' : 'again'],
      onFrame: (_, words) => (said = words),
    }),
  );
  if (said[0] === 'refused') {
    throw new BdeError(
      'RUN_REFUSED',
      `${node} has seen epoch ${said[1] ?? ''}, which epoch ${fence.epoch} cannot fence`,
      {
        hint: 'another controller took the cluster over; look at `bde operation list`',
        subject: { node },
        data: { epoch: Number(said[1]) },
      },
    );
  }
  return toRunState(said[0], node);
}

/** A run that died has ended: attaching tells how. */
export function toRunState(found: string | undefined, node: string): RunState {
  switch (found) {
    case 'absent':
    case 'live':
    case 'ended':
      return found;
    case 'died':
      return 'ended';
    default:
      throw new BdeError('NODE_FAILED', `${node} did not say what it knows of a run`, { subject: { node } });
  }
}
