import { checkValue, type SecretGenerator, type ValueSchema } from './value-schema.js';

/** As many random bytes as are asked for. */
export type RandomBytes = (count: number) => Uint8Array;

/** A value that fits a pattern by chance alone fits within so many tries, or its description is wrong. */
const TRIES = 1000;

/**
 * A value as `generate` of a description says, which fits the description. Null where none of many does: it asks for what
 * its generator never makes.
 */
export function generateSecret(schema: ValueSchema, randomBytes: RandomBytes): string | null {
  const { generate } = schema;
  if (generate === undefined) return null;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const value = makeValue(generate, randomBytes);
    if (checkValue(schema, value).length === 0) return value;
  }
  return null;
}

const ALPHABETS = {
  alphanumeric: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  hex: '0123456789abcdef',
  digits: '0123456789',
} as const;

function makeValue(generate: SecretGenerator, randomBytes: RandomBytes): string {
  if ('bytes' in generate) return Buffer.from(randomBytes(generate.bytes)).toString(generate.encoding ?? 'base64');
  return drawText(ALPHABETS[generate.alphabet ?? 'alphanumeric'], generate.length, randomBytes);
}

/** Bytes beyond the last whole multiple of the alphabet are thrown away: each of its signs is as likely as the others. */
function drawText(alphabet: string, length: number, randomBytes: RandomBytes): string {
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length)) {
      if (byte < limit) text += alphabet[byte % alphabet.length] ?? '';
    }
  }
  return text;
}
