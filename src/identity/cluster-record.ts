import { gunzipSync, gzipSync } from 'node:zlib';
import type { ClusterRecordContent, RecordNumber } from '../engine/ports/cluster-records.js';
import { BdeError } from '../errors/bde-error.js';
import type { ClusterId } from '../errors/ids.js';
import { Secret } from '../errors/secret.js';

/** The version of the envelope that this bde writes. */
export const RECORD_FORMAT_VERSION = 1;

/** The version of the content. 1 had no contents of pins, so that nothing could be restored from it. */
const CONTENT_FORMAT_VERSION = 2;

/** What travels: readable where it must be (whose, which number), sealed otherwise, signed as a whole. */
export interface RecordEnvelope extends RecordNumber {
  readonly formatVersion: typeof RECORD_FORMAT_VERSION;
  readonly clusterId: ClusterId;
  /** The content as JSON, sealed to the identity (age, armoured). */
  readonly sealed: string;
  /** base64; see `signedBytes`. */
  readonly signature: string;
}

/** True where `a` replaces `b`: a higher epoch, or a higher count in the same epoch. */
export function isNewer(a: RecordNumber, b: RecordNumber): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.count > b.count);
}

/** The number of the record with this content. */
export function recordNumber(content: ClusterRecordContent): RecordNumber {
  return { epoch: content.cluster.epoch, count: content.cluster.recordCount };
}

/** The same for all records that say the same, whatever their number, and whichever operation is at work. */
export function withoutNumber(content: ClusterRecordContent): ClusterRecordContent {
  return { ...content, cluster: { ...content.cluster, epoch: 0, recordCount: 0, state: 'RUNNING' } };
}

/** The content as text, with its secrets in the open, so a secret itself: JSON that says how the JSON in it is packed. */
export function encodeContent(content: ClusterRecordContent): Secret {
  const { blobs, mirrorKeys, ...open } = content;
  const plain: Revealed = {
    ...open,
    blobs: blobs.map(encodeBlob),
    mirrorKeys: mirrorKeys.reveal(),
  };
  const gzip = gzipSync(JSON.stringify(plain)).toString('base64');
  return new Secret(JSON.stringify({ formatVersion: CONTENT_FORMAT_VERSION, gzip }));
}

/**
 * Back from `encodeContent`. Its shape is trusted: only the holder of the identity can have signed it.
 *
 * @throws BdeError `RECORD_UNUSABLE` where another version of bde wrote it
 */
export function decodeContent(text: Secret): ClusterRecordContent {
  const { formatVersion, gzip } = JSON.parse(text.reveal()) as { formatVersion: number; gzip?: string };
  if (formatVersion !== CONTENT_FORMAT_VERSION || gzip === undefined) throw otherVersion(formatVersion);
  const plain = JSON.parse(gunzipSync(Buffer.from(gzip, 'base64')).toString('utf8')) as Revealed;
  const { blobs, mirrorKeys, ...open } = plain;
  return { ...open, blobs: blobs.map(decodeBlob), mirrorKeys: new Secret(mirrorKeys) };
}

function otherVersion(formatVersion: number): BdeError {
  const isOlder = formatVersion < CONTENT_FORMAT_VERSION;
  return new BdeError(
    'RECORD_UNUSABLE',
    isOlder
      ? `The cluster record is of format ${String(formatVersion)}: an older bde wrote it, and left out what the cluster was made from.`
      : `The cluster record is of format ${String(formatVersion)}, and this bde reads format ${String(CONTENT_FORMAT_VERSION)}.`,
    {
      hint: isOlder
        ? 'Any change of the cluster by the home that has it writes a whole one, e.g. bde cluster converge NAME.'
        : 'Use the bde that wrote it.',
      data: { formatVersion, knownFormatVersion: CONTENT_FORMAT_VERSION },
    },
  );
}

type Revealed = Omit<ClusterRecordContent, 'blobs' | 'mirrorKeys'> & {
  readonly blobs: readonly EncodedBlob[];
  readonly mirrorKeys: string;
};

/** Nearly all blobs are text, which packs far better as such. */
type EncodedBlob = { readonly text: string } | { readonly base64: string };

function encodeBlob(blob: Buffer): EncodedBlob {
  const text = blob.toString('utf8');
  return Buffer.from(text).equals(blob) ? { text } : { base64: blob.toString('base64') };
}

function decodeBlob(blob: EncodedBlob): Buffer {
  return 'text' in blob ? Buffer.from(blob.text) : Buffer.from(blob.base64, 'base64');
}

/** What the signature covers: all fields but itself, after a line that no other signed thing of bde begins with. */
export function signedBytes(envelope: Omit<RecordEnvelope, 'signature'>): Buffer {
  const { formatVersion, clusterId, epoch, count, sealed } = envelope;
  return Buffer.from(`bde cluster record\n${JSON.stringify([formatVersion, clusterId, epoch, count, sealed])}`);
}

/**
 * The one spelling of an envelope: one line of JSON, its number near the front. `install-record.sh` reads the number by
 * this order of keys, and takes the newline at the end as proof that nothing is missing.
 */
export function encodeEnvelope(envelope: RecordEnvelope): Buffer {
  const { formatVersion, clusterId, epoch, count, sealed, signature } = envelope;
  return Buffer.from(`${JSON.stringify({ formatVersion, clusterId, epoch, count, sealed, signature })}\n`);
}
