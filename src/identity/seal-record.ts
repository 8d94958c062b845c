import type { ClusterRecordContent } from '../engine/ports/cluster-records.js';
import type { Sealer } from '../engine/ports/sealer.js';
import { BdeError } from '../errors/bde-error.js';
import type { ClusterId } from '../errors/ids.js';
import {
  decodeContent,
  encodeContent,
  encodeEnvelope,
  RECORD_FORMAT_VERSION,
  recordNumber,
  signedBytes,
  type RecordEnvelope,
} from './cluster-record.js';
import { parseEnvelope } from './parse-envelope.js';

/** The cluster record as it is left on nodes: sealed to the identity and signed by it. */
export async function sealRecord(sealer: Sealer, content: ClusterRecordContent): Promise<Buffer> {
  const unsigned = {
    formatVersion: RECORD_FORMAT_VERSION,
    clusterId: content.cluster.id,
    ...recordNumber(content),
    sealed: await sealer.seal(encodeContent(content)),
  } as const;
  return encodeEnvelope({ ...unsigned, signature: sealer.sign(signedBytes(unsigned)) });
}

/**
 * What a cluster record holds, once its signature and its place are verified.
 *
 * @param expected - the cluster that the record has to be of
 * @throws BdeError `STATE_INVALID` for a forged, damaged or foreign record or an unknown format; `IDENTITY_MISSING` where
 *   another identity made it
 */
export async function openRecord(
  sealer: Sealer,
  bytes: Buffer,
  expected: { readonly clusterId?: ClusterId } = {},
): Promise<ClusterRecordContent> {
  const envelope = parseEnvelope(bytes);
  if (!sealer.verify(signedBytes(envelope), envelope.signature)) throw await notSigned(sealer, envelope);
  const content = decodeContent(await sealer.open(envelope.sealed));
  refuseMisplaced(envelope, content, expected.clusterId);
  return content;
}

/** Another identity's record has a signature that we cannot know; that it is sealed to another tells it from a forged one. */
async function notSigned(sealer: Sealer, envelope: RecordEnvelope): Promise<BdeError> {
  await sealer.open(envelope.sealed);
  return new BdeError('STATE_INVALID', 'The cluster record is not signed by the operator identity: it is forged.', {
    hint: 'Take the record of another node, and look at how this one got there.',
    data: { clusterId: envelope.clusterId, epoch: envelope.epoch, count: envelope.count },
  });
}

/** A record that we signed once, shown as that of another cluster or of another number. */
function refuseMisplaced(envelope: RecordEnvelope, content: ClusterRecordContent, expected?: ClusterId): void {
  const { epoch, count } = recordNumber(content);
  const isSame = content.cluster.id === envelope.clusterId && epoch === envelope.epoch && count === envelope.count;
  if (isSame && (expected === undefined || expected === envelope.clusterId)) return;
  throw new BdeError(
    'STATE_INVALID',
    `The cluster record is that of cluster ${content.cluster.id}, not the asked one.`,
    {
      hint: 'Take the record of a node that belongs to the cluster.',
      data: { clusterId: content.cluster.id, expected },
    },
  );
}
