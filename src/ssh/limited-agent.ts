import ssh2, { type IdentityCallback, type ParsedKey } from 'ssh2';
import type { SshAgent } from '../engine/ports/nodes.js';

/** An agent of this host; where it is limited, its other keys are not shown to anyone. */
export function limitedAgent({ socket, only }: SshAgent): InstanceType<typeof ssh2.OpenSSHAgent> {
  return only === undefined ? new ssh2.OpenSSHAgent(socket) : new LimitedAgent(socket, only);
}

class LimitedAgent extends ssh2.OpenSSHAgent {
  /** Public keys as their lines have them, in base64. */
  readonly #allowed: ReadonlySet<string>;

  constructor(socket: string, publicKeyLines: readonly string[]) {
    super(socket);
    this.#allowed = new Set(publicKeyLines.map((line) => line.trim().split(/\s+/)[1] ?? ''));
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    super.getIdentities((error, keys) => {
      callback(
        error,
        keys?.filter((key) => this.#allowed.has(publicBlobOf(key))),
      );
    });
  }
}

/** The agent's own form is one of several that ssh2 has for a key. */
function publicBlobOf(key: Parameters<typeof ssh2.utils.parseKey>[0] | object): string {
  const parsed = ssh2.utils.parseKey(key as Parameters<typeof ssh2.utils.parseKey>[0]);
  return parsed instanceof Error ? '' : parsed.getPublicSSH().toString('base64');
}
