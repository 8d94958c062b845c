import { BdeError } from '../errors/bde-error.js';
import { encodeEnvelope, RECORD_FORMAT_VERSION, type RecordEnvelope } from './cluster-record.js';

/**
 * The envelope that these bytes spell. Nothing of it is verified yet.
 *
 * @throws BdeError `STATE_INVALID` for anything but the one spelling of an envelope of a version we know
 */
export function parseEnvelope(bytes: Buffer): RecordEnvelope {
  const envelope = parseJson(bytes);
  if (!isRecord(envelope)) throw notARecord();
  refuseNewer(envelope['formatVersion']);
  if (!isEnvelope(envelope)) throw notARecord();
  // Other spellings of the same JSON, and fields that nobody signed, are refused with it.
  if (!encodeEnvelope(envelope).equals(bytes)) throw notARecord();
  return envelope;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw notARecord(error);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isEnvelope(value: object): value is RecordEnvelope {
  const { clusterId, epoch, count, sealed, signature } = value as Partial<Record<keyof RecordEnvelope, unknown>>;
  const texts = [clusterId, sealed, signature].every((text) => typeof text === 'string');
  return texts && Number.isSafeInteger(epoch) && Number.isSafeInteger(count);
}

function refuseNewer(version: unknown): void {
  if (version === RECORD_FORMAT_VERSION) return;
  if (typeof version !== 'number') throw notARecord();
  throw new BdeError(
    'STATE_INVALID',
    `The cluster record has format version ${version}, and this bde knows version ${RECORD_FORMAT_VERSION}.`,
    {
      hint: 'Use the bde that wrote it.',
      data: { formatVersion: version, knownFormatVersion: RECORD_FORMAT_VERSION },
    },
  );
}

function notARecord(cause?: unknown): BdeError {
  return new BdeError('STATE_INVALID', 'What was read is not a whole cluster record.', {
    hint: 'Take the record of another node.',
    cause,
  });
}
