import type { NodeTarget, SshEndpoint } from './nodes.js';

/** What is said of getting in to a host that was there before bde. What is absent, ssh's own configuration says. */
export interface HostLogIn {
  /** Address, name, or what ssh's configuration calls it. */
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  /** File of a private key, tried before those that ssh's configuration names. */
  readonly identityFile?: string;
  /** Hosts on the way, from here to there, each `[user@]host[:port]`; empty: none, whatever ssh's configuration says. */
  readonly jumps?: readonly string[];
  /** The known_hosts file that goes before all others, for the jump hosts too. */
  readonly knownHostsFile?: string;
}

/** How to get in: what a target is made of, less what bde knows of the node. */
export type SshRoute = SshEndpoint & Pick<NodeTarget, 'jumps'>;

/** Finds out how to get in to hosts that were there before bde. Reads files of this host only; reaches no machine. */
export interface SshRoutes {
  /**
   * The way to a host with the host keys by which each sshd on it is known. None is ever learned.
   *
   * @throws BdeError `HOST_KEY_UNKNOWN` with the way to add it, `SSH_CONFIG_INVALID`, `FILE_UNREADABLE`
   */
  routeTo(login: HostLogIn): Promise<SshRoute>;
}
