import { BdeError, isBdeError } from '../errors/bde-error.js';
import type { RunId } from '../errors/ids.js';
import type { Clock } from '../engine/ports/clock.js';
import type { NodeLink, Nodes, NodeTarget } from '../engine/ports/nodes.js';
import { askHello, fenceNode, toRunState } from './ask-node.js';
import { generateKeyPair } from './generate-key-pair.js';
import { keepConnection, type KeptConnection } from './kept-connection.js';
import { openConnection } from './open-connection.js';
import { readForced } from './read-forced.js';
import { runCommand } from './run-command.js';
import { lookUpRun, runOnNode } from './run-on-node.js';
import { writeNodeFile } from './write-node-file.js';

/** How bde reaches machines over ssh. */
export interface SshNodesOptions {
  readonly clock: Clock;
  /** Prefix of bde's folders on a node (`/var/lib/bde`, `/run/bde`); empty by default. For tests on one host. */
  readonly nodeRoot?: (target: NodeTarget) => string;
  /** How long a lost connection may stay away; 60 s by default. */
  readonly reconnectMs?: number;
  /** How long a run waits for a node's lock; 60 s by default. */
  readonly lockSeconds?: number;
  /** A connection that answers none of three in a row is lost; 5 s apart by default. */
  readonly keepaliveMs?: number;
}

type LinkOptions = Required<SshNodesOptions>;

/** `Nodes` over ssh2. */
export function createSshNodes(options: SshNodesOptions): Nodes {
  const all: LinkOptions = { nodeRoot: () => '', reconnectMs: 60_000, lockSeconds: 60, keepaliveMs: 5_000, ...options };
  return {
    async connect(target, { timeoutMs, signal }) {
      const open = (limitMs: number, limit: AbortSignal) =>
        openConnection(target, {
          timeoutMs: limitMs,
          signal: limit,
          clock: all.clock,
          keepaliveMs: all.keepaliveMs,
          root: all.nodeRoot(target),
        });
      const first = await open(timeoutMs, signal);
      return createLink(
        target,
        keepConnection(first, target.name, (closing) => open(all.reconnectMs, closing)),
        all,
      );
    },

    readForced: (target, { timeoutMs, signal }) =>
      readForced(target, { timeoutMs, signal, clock: all.clock, keepaliveMs: all.keepaliveMs }),

    generateKeyPair,
  };
}

function createLink(target: NodeTarget, connection: KeptConnection, options: LinkOptions): NodeLink {
  const { clock, lockSeconds } = options;
  const node = target.name;
  const explain = async <Result>(work: Promise<Result>, aftermath = ''): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      throw isLoss(error) ? lostError(node, aftermath, error) : error;
    }
  };
  return {
    hello: () => explain(askHello(connection, clock)),
    fence: (epoch, adopt) => explain(fenceNode(connection, node, { epoch, adopt })),
    run: (request, onLine, signal) =>
      explain(
        runOnNode(connection, { node, runId: request.runId, request, lockSeconds, onLine, signal }),
        runAftermath(request.runId),
      ),
    attach: (runId, onLine, signal) =>
      explain(
        runOnNode(connection, { node, runId, request: undefined, lockSeconds, onLine, signal }),
        runAftermath(runId),
      ),
    lookUp: async (runId) => toRunState(await explain(lookUpRun(connection, runId)), node),
    command: (argv, commandOptions = {}) =>
      explain(runCommand(connection, { argv, options: commandOptions, clock }), '; the command may have run'),
    writeFile: (path, content, mode) => explain(writeNodeFile(connection, node, { path, content, mode })),
    close() {
      connection.close();
      return Promise.resolve();
    },
  };
}

/** A connection that was there ended, or could not be had again; a wrong host key on the way back stays what it is. */
function isLoss(error: unknown): error is BdeError {
  return isBdeError(error, 'CONNECT_LOST') || isBdeError(error, 'CONNECT_FAILED');
}

function runAftermath(runId: RunId): string {
  return `; run ${runId} goes on there if it had begun to act`;
}

function lostError(node: string, aftermath: string, cause: BdeError): BdeError {
  return new BdeError('CONNECT_LOST', `${node} was lost${aftermath}: ${cause.message}`, {
    hint: 'check the machine and the network, then run `bde cluster resume NAME`',
    subject: { node },
    cause,
  });
}
