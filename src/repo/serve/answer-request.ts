import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';
import send from 'send';
import type { MirrorPaths } from '../mirror-paths.js';
import { findServedFile } from './find-served-file.js';

/** What `/health` says: whose helper this is. */
export interface Health {
  readonly formatVersion: 1;
  readonly version: string;
  readonly homeKey: string;
  readonly pid: number;
}

/** Answers one request: `/health`, or a file of what the cluster in its path sees. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  server: { readonly paths: MirrorPaths; readonly health: Health },
): Promise<void> {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    end(response, 405, 'Only GET and HEAD.');
    return;
  }
  const url = request.url ?? '';
  if (url === '/health') {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(server.health));
    return;
  }
  const file = await findServedFile(url, server.paths);
  if (file === undefined) end(response, 404, 'Nothing here.');
  else sendFile(request, response, file);
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: string): void {
  // One file in its own folder: what may be sent was decided before.
  send(request, encodeURIComponent(basename(file)), { root: dirname(file), index: false, cacheControl: false })
    .on('directory', () => {
      end(response, 404, 'Nothing here.');
    })
    .pipe(response);
}

function end(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain');
  response.end(`${text}\n`);
}
