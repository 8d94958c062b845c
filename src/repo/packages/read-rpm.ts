import { open, type FileHandle } from 'node:fs/promises';
import type { Digest } from '../../errors/ids.js';
import { repoFailed } from '../repo-error.js';
import { sha256OfFile } from '../sha256-of-file.js';

/** What is told about an RPM by its own header. */
export interface RpmFacts {
  readonly name: string;
  /** `name-[epoch:]version-release.arch`, as dnf takes it. */
  readonly nevra: string;
  readonly architecture: string;
  readonly isSource: boolean;
  /** sha256 of header and payload, without lead and signature. */
  readonly digest: Digest;
}

const LEAD_BYTES = 96;
const INTRO_BYTES = 16;
const ENTRY_BYTES = 16;
const LEAD_MAGIC = 0xedabeedb;
const HEADER_MAGIC = 0x8eade801;

/** Far above any package's; a damaged length must not become an allocation. */
const MAX_HEADER_BYTES = 256 * 1024 * 1024;

const TAG = { name: 1000, version: 1001, release: 1002, epoch: 1003, architecture: 1022, sourceRpm: 1044 } as const;
const TYPE_INT32 = 4;
const TYPE_STRING = 6;

/**
 * Reads an RPM file: its names from the header, its digest from header and payload.
 *
 * The file's parts: a lead of 96 bytes, the signature header padded to 8 bytes, the header, the payload. Format:
 * https://rpm-software-management.github.io/rpm/manual/format_v4.html
 *
 * @throws BdeError `REPO_FAILED` naming the file when it is no RPM
 */
export async function readRpm(path: string): Promise<RpmFacts> {
  const file = await open(path, 'r');
  try {
    const start = await headerStart(file, path);
    const header = await readHeader(file, start, path);
    return { ...factsOf(header, path), digest: (await sha256OfFile(path, start)) as Digest };
  } finally {
    await file.close();
  }
}

async function headerStart(file: FileHandle, path: string): Promise<number> {
  const lead = await readAt(file, { position: 0, size: LEAD_BYTES }, path);
  if (lead.readUInt32BE(0) !== LEAD_MAGIC) throw notRpm(path, 'it does not begin as one');
  const { size } = await readIntro(file, LEAD_BYTES, path);
  return LEAD_BYTES + Math.ceil(size / 8) * 8;
}

/** How many entries a header at this position has, and how long it is in all. */
async function readIntro(
  file: FileHandle,
  position: number,
  path: string,
): Promise<{ readonly count: number; readonly size: number }> {
  const intro = await readAt(file, { position, size: INTRO_BYTES }, path);
  if (intro.readUInt32BE(0) !== HEADER_MAGIC) throw notRpm(path, `it has no header at byte ${position}`);
  const count = intro.readUInt32BE(8);
  const size = INTRO_BYTES + count * ENTRY_BYTES + intro.readUInt32BE(12);
  if (size > MAX_HEADER_BYTES) throw notRpm(path, `its header says to be ${size} bytes long`);
  return { count, size };
}

async function readHeader(file: FileHandle, position: number, path: string): Promise<ReadonlyMap<number, string>> {
  const { count, size } = await readIntro(file, position, path);
  const header = await readAt(file, { position, size }, path);
  const storeStart = INTRO_BYTES + count * ENTRY_BYTES;
  const values = new Map<number, string>();
  for (let index = 0; index < count; index += 1) {
    const entry = INTRO_BYTES + index * ENTRY_BYTES;
    const value = readValue(header, {
      type: header.readUInt32BE(entry + 4),
      offset: storeStart + header.readUInt32BE(entry + 8),
    });
    if (value !== undefined) values.set(header.readUInt32BE(entry), value);
  }
  return values;
}

/** The first number or the text of an entry; undefined for other types and for offsets out of the header. */
function readValue(header: Buffer, entry: { readonly type: number; readonly offset: number }): string | undefined {
  if (entry.type === TYPE_INT32 && entry.offset + 4 <= header.length) return String(header.readUInt32BE(entry.offset));
  if (entry.type !== TYPE_STRING) return undefined;
  const end = header.indexOf(0, entry.offset);
  return end === -1 ? undefined : header.toString('utf8', entry.offset, end);
}

function factsOf(header: ReadonlyMap<number, string>, path: string): Omit<RpmFacts, 'digest'> {
  const [name, version, release, architecture] = [TAG.name, TAG.version, TAG.release, TAG.architecture].map((tag) =>
    header.get(tag),
  );
  if (name === undefined || version === undefined || release === undefined || architecture === undefined) {
    throw notRpm(path, 'its header lacks name, version, release or architecture');
  }
  const epoch = header.get(TAG.epoch) ?? '0';
  const edition = `${epoch === '0' ? '' : `${epoch}:`}${version}-${release}`;
  return { name, nevra: `${name}-${edition}.${architecture}`, architecture, isSource: !header.has(TAG.sourceRpm) };
}

async function readAt(
  file: FileHandle,
  part: { readonly position: number; readonly size: number },
  path: string,
): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(part.size), 0, part.size, part.position);
  if (bytesRead < part.size) throw notRpm(path, `it ends at byte ${part.position + bytesRead}`);
  return buffer;
}

function notRpm(path: string, why: string): Error {
  return repoFailed(`${path} is no readable RPM: ${why}.`, {
    hint: `Bring the file anew, or remove it.`,
    subject: { file: path },
  });
}
