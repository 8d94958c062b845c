import type { NodeTarget, SshEndpoint } from '../engine/ports/nodes.js';

/** An sshd with what messages call it. */
export interface NamedEndpoint extends SshEndpoint {
  readonly name: string;
  /** The node that is to be reached, here or behind it. */
  readonly node: string;
}

/** Every sshd on the way to a node, the node's own last. */
export function endpointsOf(target: NodeTarget): readonly NamedEndpoint[] {
  const jumps = (target.jumps ?? []).map((jump) => ({
    ...jump,
    name: `the jump host of ${target.name}`,
    node: target.name,
  }));
  return [...jumps, { ...target, node: target.name }];
}

/** `zk-1 at 10.0.0.1:22` */
export function placeOf({ name, address, port }: Pick<NamedEndpoint, 'name' | 'address' | 'port'>): string {
  return `${name} at ${address}:${port}`;
}
