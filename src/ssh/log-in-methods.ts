import ssh2, { type AnyAuthMethod, type ParsedKey } from 'ssh2';
import type { SshEndpoint } from '../engine/ports/nodes.js';
import { BdeError } from '../errors/bde-error.js';
import type { Secret } from '../errors/secret.js';
import { limitedAgent } from './limited-agent.js';
import type { NamedEndpoint } from './named-endpoint.js';

/**
 * What to log in with, in order: the private keys, then the keys of the agent.
 *
 * @throws BdeError `STATE_INVALID` for a private key that cannot be used: nothing was tried
 */
export function logInMethods(endpoint: NamedEndpoint): readonly AnyAuthMethod[] {
  const { user: username, agent } = endpoint;
  const keys = privateKeysOf(endpoint).map((key) => parsePrivateKey(key, endpoint));
  return [
    ...keys.map((key): AnyAuthMethod => ({ type: 'publickey', username, key })),
    ...(agent === undefined ? [] : [{ type: 'agent', username, agent: limitedAgent(agent) } as const]),
  ];
}

/** The private keys of an endpoint, in the order in which they are tried. */
export function privateKeysOf({ privateKey }: Pick<SshEndpoint, 'privateKey'>): readonly Secret[] {
  return [privateKey].flat();
}

/** What ssh2 says of a private key: its public half, or why it is none. */
export function readPrivateKey(key: Secret): ParsedKey | 'encrypted' | 'invalid' {
  const parsed = ssh2.utils.parseKey(key.reveal());
  if (parsed instanceof Error) return /passphrase/i.test(parsed.message) ? 'encrypted' : 'invalid';
  return parsed.isPrivateKey() ? parsed : 'invalid';
}

function parsePrivateKey(key: Secret, { name, node }: NamedEndpoint): ParsedKey {
  const parsed = readPrivateKey(key);
  if (typeof parsed !== 'string') return parsed;
  const what = parsed === 'encrypted' ? 'is locked by a passphrase' : 'is no OpenSSH private key';
  throw new BdeError('STATE_INVALID', `the key recorded for logging in to ${name} ${what}`, {
    hint: parsed === 'encrypted' ? 'give it to an ssh-agent: ssh-add FILE' : undefined,
    subject: { node },
  });
}
