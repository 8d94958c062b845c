import type { JsonObject } from '../json.js';

/** How a host is logged in to, as far as the site says it. */
export interface StaticLogIn {
  readonly user?: string;
  readonly port?: number;
  readonly sudo?: boolean | { readonly passwordFile: string };
  /** From here to there; empty: none. */
  readonly jump?: readonly string[];
  readonly identityFile?: string;
  readonly knownHosts?: string;
}

/** A host of a static provider, with the log-in that the provider has for all of them. */
export interface StaticHost extends StaticLogIn {
  readonly address: string;
  readonly name?: string;
  readonly rack?: string;
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
