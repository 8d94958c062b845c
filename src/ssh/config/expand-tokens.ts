import { join } from 'node:path';

/** What the tokens of an ssh configuration stand for. */
export interface TokenValues {
  readonly home: string;
  readonly localUser: string;
  readonly host: string;
  readonly original: string;
  readonly port: number;
  readonly user: string;
}

/** A value of an ssh configuration with `~/` and its tokens filled in (ssh_config(5), TOKENS); others stay as they are. */
export function expandTokens(text: string, values: TokenValues): string {
  const { home, localUser, host, original, port, user } = values;
  const tokens: Readonly<Record<string, string>> = {
    '%%': '%',
    '%d': home,
    '%h': host,
    '%n': original,
    '%p': String(port),
    '%r': user,
    '%u': localUser,
  };
  const expanded = text.replace(/%./g, (token) => tokens[token] ?? token);
  return expanded.startsWith('~/') ? join(home, expanded.slice(2)) : expanded;
}
