import { createHmac } from 'node:crypto';
import { matchesPatterns } from './match-pattern.js';

/** What known_hosts says of one host. */
export interface KnownHostKeys {
  /** Public key lines (`ssh-ed25519 AAAA…`), each once, in the order of the files, without those that are revoked. */
  readonly accepted: readonly string[];
  /** Keys that the host is listed with and that are revoked. */
  readonly revoked: readonly string[];
  /** Somebody's certificates are to be believed for it. */
  readonly hasAuthority: boolean;
}

interface KnownHostsLine {
  readonly marker: string | undefined;
  /** Comma-separated patterns, or `|1|SALT|HASH`. */
  readonly hosts: string;
  readonly key: string;
}

/**
 * The keys of a host in the texts of known_hosts files; plain, with patterns, `[host]:port`, and hashed entries.
 *
 *     [10.0.0.7]:2222,db-1 ssh-ed25519 AAAA…
 *     |1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-ed25519 AAAA…
 *     @revoked * ssh-ed25519 AAAA…
 *
 * Format: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. Lines that are malformed are passed over, as ssh does.
 */
export function findKnownHostKeys(
  texts: readonly string[],
  { host, port }: { readonly host: string; readonly port: number },
): KnownHostKeys {
  const name = port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
  const lines = texts.flatMap(parseLines).filter(({ hosts }) => namesHost(hosts, name));
  const keysOf = (marker: string | undefined): readonly string[] => [
    ...new Set(lines.filter((line) => line.marker === marker).map(({ key }) => key)),
  ];
  const revoked = keysOf('@revoked');
  const listed = keysOf(undefined);
  return {
    accepted: listed.filter((key) => !revoked.includes(key)),
    revoked: listed.filter((key) => revoked.includes(key)),
    hasAuthority: keysOf('@cert-authority').length > 0,
  };
}

function parseLines(text: string): readonly KnownHostsLine[] {
  return text.split('\n').flatMap((line) => {
    const match =
      /^\s*(?:(?<marker>@\S+)\s+)?(?<hosts>[^\s#@]\S*)\s+(?<type>\S+)\s+(?<blob>[A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(
        line,
      );
    if (!match?.groups) return [];
    const { marker, hosts = '', type = '', blob = '' } = match.groups;
    return [{ marker, hosts, key: `${type} ${blob}` }];
  });
}

function namesHost(hosts: string, name: string): boolean {
  if (!hosts.startsWith('|')) return matchesPatterns(hosts.toLowerCase().split(','), name);
  const [, version, salt = '', hash = ''] = hosts.split('|');
  if (version !== '1') return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}
