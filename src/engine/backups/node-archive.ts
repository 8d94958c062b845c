import { BdeError, isBdeError } from '../../errors/bde-error.js';
import type { Digest } from '../../errors/ids.js';
import type { ArchiveSum } from '../ports/backups.js';
import type { NodeLink } from '../ports/nodes.js';
import { describeResult } from '../steps/ask-probe.js';
import enterFolderScript from './enter-folder.sh';
import openFolderScript from './open-folder.sh';
import packFilesScript from './pack-files.sh';
import removeFolderScript from './remove-folder.sh';
import unpackPartsScript from './unpack-parts.sh';

/** Where nodes keep files of backups while these are taken or restored. */
const ROOT = '/var/lib/bde/backups';
/** Content is carried in pieces of so many bytes, so that one is all that has to be in memory, and to be sent again. */
const PIECE_BYTES = 4 * 1024 * 1024;
const PIECE_MS = 120_000;
/** Losses of the connection in a row that one piece may meet. */
const MOST_LOSSES = 5;

/** A role's folder of a backup on a node. */
export interface NodeFolder {
  readonly id: string;
  readonly role: string;
}

/** What carrying needs to know beside the link. */
export interface CarryLimits {
  /** For packing and unpacking. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Where the recipes of a role find or leave files. */
export function filesFolder(folder: NodeFolder): string {
  return `${pathOf(folder)}/files`;
}

/** Makes the folder, with nothing in it, and removes those of backups that were given up. */
export async function openNodeFolder(link: NodeLink, { id, role }: NodeFolder, limits: CarryLimits): Promise<void> {
  await script(link, ['bde-open-folder', openFolderScript, ROOT, id, role], limits);
}

/** Removes all that a backup or a restoration has on a node. */
export async function removeNodeFolder(link: NodeLink, { id, role }: NodeFolder, limits: CarryLimits): Promise<void> {
  await script(link, ['bde-remove-folder', removeFolderScript, ROOT, id, role], limits);
}

/**
 * Packs the files of a folder into an archive on the node.
 *
 * @throws BdeError `BACKUP_FAILED`
 */
export async function packFiles(link: NodeLink, folder: NodeFolder, limits: CarryLimits): Promise<ArchiveSum> {
  const said = await script(link, ['bde-pack-files', enterFolderScript + packFilesScript, pathOf(folder)], limits);
  const [, bytes, sha256] = /^\s*(\d+) ([0-9a-f]{64})\n$/.exec(said) ?? [];
  if (bytes === undefined || sha256 === undefined) {
    throw failed(`packing answers ${JSON.stringify(said.slice(0, 200))}`);
  }
  return { bytes: Number(bytes), sha256: sha256 as Digest };
}

/** The packed archive of a folder, piece by piece. */
export async function* readPacked(
  link: NodeLink,
  folder: NodeFolder,
  { bytes, signal }: { readonly bytes: number; readonly signal: AbortSignal },
): AsyncGenerator<Buffer, void, undefined> {
  const path = `${pathOf(folder)}/archive.tar.gz`;
  for (let from = 0; from < bytes; from += PIECE_BYTES) {
    const piece = await readPiece(link, { path, from, length: Math.min(PIECE_BYTES, bytes - from) }, signal);
    yield piece;
  }
}

/**
 * Brings an archive to a node and unpacks it in a folder there.
 *
 * @throws BdeError `BACKUP_FAILED`, `NODE_FAILED`
 */
export async function sendFiles(
  link: NodeLink,
  folder: NodeFolder,
  given: CarryLimits & { readonly content: AsyncIterable<Uint8Array>; readonly sha256: Digest },
): Promise<void> {
  const { content, sha256, signal } = given;
  let count = 0;
  for await (const piece of inPieces(content)) {
    signal.throwIfAborted();
    await link.writeFile(`${pathOf(folder)}/parts/${String(count).padStart(6, '0')}`, piece, 0o600);
    count += 1;
  }
  await script(link, ['bde-unpack-parts', enterFolderScript + unpackPartsScript, pathOf(folder), sha256], given);
}

function pathOf({ id, role }: NodeFolder): string {
  return `${ROOT}/${id}/${role}`;
}

interface Piece {
  readonly path: string;
  readonly from: number;
  readonly length: number;
}

/** To read is safe to do again where the connection was lost. */
async function readPiece(link: NodeLink, piece: Piece, signal: AbortSignal): Promise<Buffer> {
  for (let losses = 0; ; losses += 1) {
    try {
      return await readOnce(link, piece, signal);
    } catch (error) {
      if (!isBdeError(error, 'CONNECT_LOST') || losses === MOST_LOSSES) throw error;
    }
  }
}

async function readOnce(link: NodeLink, { path, from, length }: Piece, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const argv = ['sh', '-c', READ_PIECE, 'bde-read-piece', path, String(from + 1), String(length)];
  const result = await link.command(argv, {
    timeoutMs: PIECE_MS,
    signal,
    onOutput: (stream, chunk) => {
      if (stream === 'stdout') chunks.push(chunk);
    },
  });
  const piece = Buffer.concat(chunks);
  if (result.exitCode === 0 && piece.length === length) return piece;
  throw failed(`${path} cannot be read from byte ${String(from)}: ${describeResult(result)}`);
}

const READ_PIECE = 'tail -c "+$2" -- "$1" | head -c "$3"';

async function* inPieces(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content) {
    waiting.push(chunk);
    length += chunk.length;
    if (length < PIECE_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(waiting);
}

/** Runs a script, under a name that process lists show; gives what it printed. */
async function script(
  link: NodeLink,
  [name, text, ...args]: readonly [string, string, ...string[]],
  limits: CarryLimits,
): Promise<string> {
  const { timeoutMs, signal } = limits;
  const result = await link.command(['sh', '-c', text, name, ...args], { timeoutMs, signal });
  if (result.exitCode === 0) return result.stdout;
  throw failed(describeResult(result));
}

/** Who asked adds whose data it is. */
function failed(message: string): BdeError {
  return new BdeError('BACKUP_FAILED', message);
}
