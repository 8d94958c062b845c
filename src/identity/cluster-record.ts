import type { ClusterRecordContent, RecordNumber } from '../engine/ports/cluster-records.js';
import type { ClusterId } from '../errors/ids.js';
import { Secret } from '../errors/secret.js';

/** The version that this bde writes, of content and envelope both. */
export const RECORD_FORMAT_VERSION = 1;

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

/** The content as JSON text with its secrets in the open, so a secret itself. */
export function encodeContent(content: ClusterRecordContent): Secret {
  const { secrets, sshPrivateKey, certificates, ...open } = content;
  const revealed = Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]));
  return new Secret(
    JSON.stringify({
      ...open,
      sshPrivateKey: sshPrivateKey.reveal(),
      certificates: certificates?.reveal() ?? null,
      secrets: revealed,
    }),
  );
}

/** Back from `encodeContent`. Its shape is trusted: only the holder of the identity can have signed it. */
export function decodeContent(text: Secret): ClusterRecordContent {
  const { secrets, sshPrivateKey, certificates = null, ...open } = JSON.parse(text.reveal()) as Revealed;
  const hidden = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, new Secret(value)]));
  return {
    ...open,
    sshPrivateKey: new Secret(sshPrivateKey),
    certificates: certificates === null ? null : new Secret(certificates),
    secrets: hidden,
  };
}

type Revealed = Omit<ClusterRecordContent, 'sshPrivateKey' | 'certificates' | 'secrets'> & {
  readonly sshPrivateKey: string;
  /** Absent in records of an older bde. */
  readonly certificates?: string | null;
  readonly secrets: Readonly<Record<string, string>>;
};

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
