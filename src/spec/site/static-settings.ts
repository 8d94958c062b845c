import type { JsonObject } from '../json.js';

/** How a host is logged in to, as far as the site says it; the rest is ssh's own configuration. */
interface StaticLogIn {
  readonly user?: string;
  readonly port?: number;
  /** Root is reached by sudo; with a file, by the password in it. */
  readonly sudo?: boolean | { readonly passwordFile: string };
  /** Jump hosts, from here to there, each `[user@]host[:port]`; empty: none. */
  readonly jump?: readonly string[];
  readonly identityFile?: string;
  readonly knownHosts?: string;
}

/** A machine that is there, with the log-in that its provider has for all of them. */
export interface StaticHost extends StaticLogIn {
  /** IPv4; where bde logs in, and what the nodes of its cluster call it by. */
  readonly address: string;
  /** For people; its address where none is given. */
  readonly name?: string;
  readonly rack?: string;
  /** What may be counted on; absent: what the host says of itself. */
  readonly cpuCount?: number;
  readonly memoryMiB?: number;
  readonly diskGiB?: number;
}

/** Settings of a provider of kind `static`. */
export interface StaticSettings {
  readonly hosts: readonly StaticHost[];
}

type RawLogIn = Omit<StaticLogIn, 'jump'> & { readonly jump?: string | readonly string[] };

/** Settings that fit their schema, with what is said for all hosts put into each that does not say otherwise. */
export function toStaticSettings(settings: JsonObject): StaticSettings {
  const { hosts, ...common } = settings as unknown as RawLogIn & { readonly hosts: readonly (RawLogIn & StaticHost)[] };
  return { hosts: hosts.map((host) => ({ ...listJumps(common), ...listJumps(host) })) };
}

function listJumps<Part extends RawLogIn>(part: Part): Omit<Part, 'jump'> & Pick<StaticLogIn, 'jump'> {
  const { jump, ...rest } = part;
  if (jump === undefined) return rest;
  return { ...rest, jump: typeof jump === 'string' ? jump.split(',') : jump };
}
