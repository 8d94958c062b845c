import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { isLocked } from '../file-lock.js';
import { lstatIfThere } from '../if-there.js';
import { mirrorPaths, type MirrorPaths } from '../mirror-paths.js';
import { repoFailed } from '../repo-error.js';
import { AccessLog } from './access-log.js';
import { answerRequest, type Health } from './answer-request.js';
import { helperFiles, readHelperRecord, writeHelperRecord, type HelperFiles } from './helper-record.js';
import { listenOnFirstFree, portCandidates } from './listen.js';
import { identifyProcess } from './process-identity.js';

/** What the helper process is told at its start. */
export interface ServeOptions {
  /** The mirror's folder in the home. */
  readonly folder: string;
  /** The one address to listen on. */
  readonly bindAddress: string;
  /** Of bde. */
  readonly version: string;
  readonly homeKey: string;
  /** Ends it; SIGTERM and SIGINT do, too. */
  readonly signal?: AbortSignal;
}

/** How often it looks whether its folder is still there. */
const LOOK_EVERY_MS = 2_000;

/** How long answers that are under way may take once it is told to end. */
const DRAIN_MS = 5_000;

/** A node's download that stalls for this long is dropped. */
const IDLE_MS = 120_000;

/**
 * Serves the snapshots of one home until it is told to end or its folder is gone. For the helper process alone, which
 * holds the home's lock while it runs (`ensureServing` starts it under that lock).
 *
 * @throws BdeError `REPO_FAILED` when it was started without the lock or cannot listen
 */
export async function serveMirror(options: ServeOptions): Promise<void> {
  const paths = mirrorPaths(options.folder);
  const files = helperFiles(paths.helper);
  if (!(await isLocked(files.lock))) {
    throw repoFailed(`The mirror of ${options.folder} is served under its lock, and nobody holds it.`, {
      hint: 'Run: bde repo serve --detach',
    });
  }
  const log = new AccessLog(files.accessLog);
  const server = await makeServer(options, paths, log);
  await listenAndRecord(server, options, files);
  await endOfService(options, paths);
  await drain(server);
  log.close();
}

async function makeServer(options: ServeOptions, paths: MirrorPaths, log: AccessLog): Promise<Server> {
  const pem = await readFile(join(paths.trust, 'server.pem'), 'utf8');
  const { version, homeKey } = options;
  const health: Health = { formatVersion: 1, version, homeKey, pid: process.pid };
  const server = createServer({ key: pem, cert: pem, minVersion: 'TLSv1.2' }, (request, response) => {
    const startedMs = performance.now();
    // Gone by the time the answer is.
    const remoteAddress = request.socket.remoteAddress ?? '-';
    response.on('close', () => {
      log.write({
        at: new Date(),
        remoteAddress,
        method: request.method ?? '-',
        path: (request.url ?? '').split('?')[0] ?? '',
        status: response.statusCode,
        sentBytes: Number(response.getHeader('Content-Length') ?? 0),
        durationMs: performance.now() - startedMs,
      });
    });
    answerRequest(request, response, { paths, health }).catch((error: unknown) => {
      // One request that goes wrong is one node's trouble: the reason goes to the output log.
      process.stderr.write(`${request.url ?? ''}: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
      response.destroy();
    });
  });
  server.setTimeout(IDLE_MS);
  return server;
}

async function listenAndRecord(server: Server, options: ServeOptions, files: HelperFiles): Promise<void> {
  const last = await readHelperRecord(files.record);
  const ports = portCandidates(options.homeKey, last?.address === options.bindAddress ? last.port : undefined);
  const port = await listenOnFirstFree(server, options.bindAddress, ports);
  const identity = await identifyProcess(process.pid);
  if (identity === undefined) throw new TypeError('/proc does not list this process');
  const { bindAddress: address, version } = options;
  await writeHelperRecord(files.record, { formatVersion: 1, ...identity, address, port, version });
}

/** Resolves when a signal comes or the folder is gone or another one. */
async function endOfService({ signal }: ServeOptions, paths: MirrorPaths): Promise<void> {
  const inode = (await lstatIfThere(paths.folder))?.ino;
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      void lstatIfThere(paths.folder).then((facts) => {
        if (facts?.ino !== inode) end();
      });
    }, LOOK_EVERY_MS);
    const end = (): void => {
      clearInterval(look);
      process.off('SIGTERM', end);
      process.off('SIGINT', end);
      resolve();
    };
    process.on('SIGTERM', end);
    process.on('SIGINT', end);
    signal?.addEventListener('abort', end);
    if (signal?.aborted === true) end();
  });
}

function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      server.closeAllConnections();
    }, DRAIN_MS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
