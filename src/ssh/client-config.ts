import type { Socket } from 'node:net';
import type { CipherAlgorithm, ConnectConfig, ServerHostKeyAlgorithm } from 'ssh2';
import type { NodeTarget } from '../engine/ports/nodes.js';
import type { HostKey } from './host-key.js';

/** Limits of one attempt. */
export interface AttemptOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly keepaliveMs: number;
}

/** All that logging in needs. */
export interface LogIn extends AttemptOptions {
  readonly target: NodeTarget;
  readonly pinned: HostKey;
  readonly socket: Socket;
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

/** ssh2's configuration for one login over a socket that is open. */
export function clientConfig(given: LogIn, hostVerifier: (key: Buffer) => boolean): ConnectConfig {
  const { target, pinned, socket, timeoutMs, keepaliveMs } = given;
  return {
    sock: socket,
    username: target.user,
    privateKey: target.privateKey.reveal(),
    hostVerifier,
    algorithms: { cipher: [...CIPHERS], serverHostKey: hostKeyAlgorithms(pinned) },
    // Without the round trip of asking what is allowed.
    authHandler: ['publickey'],
    readyTimeout: Math.min(timeoutMs, HANDSHAKE_TIMEOUT_MS),
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: 3,
  };
}

/** The pinned key's type first, so that a server with several keys shows that one; the others, to name what it has instead. */
function hostKeyAlgorithms(pinned: HostKey): ServerHostKeyAlgorithm[] {
  const isPinned = (name: string): boolean =>
    name === pinned.type || (pinned.type === 'ssh-rsa' && name.startsWith('rsa-'));
  return [...HOST_KEY_TYPES.filter(isPinned), ...HOST_KEY_TYPES.filter((name) => !isPinned(name))];
}
