import { BdeError } from '../errors/bde-error.js';
import { Secret } from '../errors/secret.js';
import { escapeProperty } from './formats/escape-properties.js';
import { escapeXml } from './formats/escape-xml.js';
import { escapeSingleQuotes } from './quote-shell.js';

/** How a secret's value is written when it is filled in: inside a JSON string, a shell literal, and so on. */
const ENCODINGS = {
  json: (value: string) => JSON.stringify(value).slice(1, -1),
  properties: escapeProperty,
  sh: escapeSingleQuotes,
  xml: escapeXml,
} as const;

export type SecretEncoding = keyof typeof ENCODINGS;

const TOKEN = /@@bde-secret:([\w.%-]+)((?:\|(?:json|properties|sh|xml))*)@@/g;

/**
 * The text that stands for a secret until its value is filled in, on the way to the node.
 *
 * It holds no quote, blank or line end, so it survives quoting and rendering unchanged.
 */
export function secretToken(name: string): string {
  return `@@bde-secret:${encodeName(name)}@@`;
}

/** True where a text holds the placeholder of a secret. */
export function hasSecretToken(text: string): boolean {
  return text.search(TOKEN) >= 0;
}

/** The same text with every placeholder told to encode its value once more, after the encodings that it has. */
export function encodeTokens(text: string, encoding: SecretEncoding): string {
  return text.replace(TOKEN, (_, name: string, encodings: string) => `@@bde-secret:${name}${encodings}|${encoding}@@`);
}

/** Names of the secrets whose placeholders a text holds: sorted, each once. */
export function secretNames(text: string): readonly string[] {
  return [...new Set([...text.matchAll(TOKEN)].map((match) => decodeURIComponent(match[1] ?? '')))].sort();
}

/** The text with each placeholder replaced by its secret's HMAC: what enters digests. */
export function maskSecrets(text: string, secretMac: (name: string) => string): string {
  return text.replace(
    TOKEN,
    (_, name: string, encodings: string) => `hmac${encodings}:${secretMac(decodeURIComponent(name))}`,
  );
}

/**
 * A compiled script with the values in place of their placeholders. All placeholders stand inside single-quoted literals.
 *
 * @throws BdeError `STATE_INVALID` where a value is not given
 */
export function fillSecrets(script: string, values: ReadonlyMap<string, Secret>): Secret {
  const filled = script.replace(TOKEN, (_, name: string, encodings: string) => {
    const value = values.get(decodeURIComponent(name));
    if (value === undefined) throw missingSecret(decodeURIComponent(name));
    return quotedValue(value.reveal(), encodings.split('|').slice(1));
  });
  return new Secret(filled);
}

function quotedValue(value: string, encodings: readonly string[]): string {
  if (value.includes('\0')) throw new TypeError('a secret with a NUL cannot stand in a script');
  return escapeSingleQuotes(encodings.filter(isEncoding).reduce((text, encoding) => ENCODINGS[encoding](text), value));
}

function isEncoding(name: string): name is SecretEncoding {
  return Object.hasOwn(ENCODINGS, name);
}

/** `encodeURIComponent` leaves some signs that must not stand in a token. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

function missingSecret(name: string): BdeError {
  return new BdeError(
    'STATE_INVALID',
    `The script needs the secret ${JSON.stringify(name)}, which is not in the store`,
    {
      hint: 'Import the cluster again from its nodes: bde cluster import.',
    },
  );
}
