import type { Duplex } from 'node:stream';
import type { CipherAlgorithm, ConnectConfig, ServerHostKeyAlgorithm } from 'ssh2';
import type { HostKey } from './host-key.js';
import { logInMethods } from './log-in-methods.js';
import type { NamedEndpoint } from './named-endpoint.js';

/** Limits of one attempt. */
export interface AttemptOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly keepaliveMs: number;
}

/** All that logging in needs. */
export interface LogIn extends AttemptOptions {
  readonly endpoint: NamedEndpoint;
  readonly pinned: readonly HostKey[];
  /** Takes whatever host key is shown, instead of the pinned ones. */
  readonly onStranger?: (shown: Buffer) => void;
  /** A connection to the endpoint, direct or through another host. */
  readonly stream: Duplex;
}

const HANDSHAKE_TIMEOUT_MS = 20_000;

/** AES-GCM first: by far the fastest with OpenSSL underneath, also without ssh2's native part. */
const CIPHERS: readonly CipherAlgorithm[] = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes128-ctr',
  'aes256-ctr',
];
const HOST_KEY_TYPES: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/**
 * ssh2's configuration for one login over a stream that is open.
 *
 * @throws BdeError `STATE_INVALID` for a private key that cannot be used
 */
export function clientConfig(given: LogIn, hostVerifier: (key: Buffer) => boolean): ConnectConfig {
  const { endpoint, pinned, stream, timeoutMs, keepaliveMs } = given;
  return {
    sock: stream,
    username: endpoint.user,
    hostVerifier,
    algorithms: { cipher: [...CIPHERS], serverHostKey: hostKeyAlgorithms(pinned) },
    // Without the round trip of asking what is allowed.
    authHandler: [...logInMethods(endpoint)],
    readyTimeout: Math.min(timeoutMs, HANDSHAKE_TIMEOUT_MS),
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: 3,
  };
}

/** The pinned keys' types first, so that a server with several keys shows one of those; the others, to name what it has instead. */
function hostKeyAlgorithms(pinned: readonly HostKey[]): ServerHostKeyAlgorithm[] {
  const isPinned = (name: string): boolean =>
    pinned.some(({ type }) => name === type || (type === 'ssh-rsa' && name.startsWith('rsa-')));
  return [...HOST_KEY_TYPES.filter(isPinned), ...HOST_KEY_TYPES.filter((name) => !isPinned(name))];
}
