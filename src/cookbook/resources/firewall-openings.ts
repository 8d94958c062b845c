import type { NodeView, Role } from '../types.js';
import type { ParameterReader } from './read-parameter.js';
import type { ResolveContext } from './resource-kind.js';

/** A port that may be reached, and by whom: everyone in the cluster's network, or these addresses. */
export interface Opening {
  readonly protocol: 'tcp' | 'udp';
  /** A number, or a range as nft has it: `30000-32767`. */
  readonly port: string;
  readonly from: 'network' | readonly string[];
}

/**
 * The ports that the node's roles declare. Per peer, a port is open to the nodes of its own role, and of the roles that
 * require or read it.
 */
export function roleOpenings({ input, roles, portsOf }: ResolveContext, perPeer: boolean): readonly Opening[] {
  const own = input.node.roles.map((name) => roles.get(name)).filter((role) => role !== undefined);
  const openings = own.flatMap((role) =>
    portsOf(role).map(({ port, protocol }): Opening => {
      const from = perPeer ? peersOf(role, input.nodes, roles) : 'network';
      return { protocol, port: String(port), from };
    }),
  );
  return uniqueOpenings(openings);
}

function peersOf(role: Role, nodes: readonly NodeView[], roles: ReadonlyMap<string, Role>): readonly string[] {
  const needsIt = (name: string): boolean => {
    const other = roles.get(name);
    return name === role.name || (other !== undefined && [...other.requires, ...other.reads].includes(role.name));
  };
  const peers = nodes.filter((node) => node.roles.some(needsIt));
  return peers.map(({ address }) => address).sort();
}

/** Ports that the recipe opens to the cluster's network besides: `8080`, `53/udp`, `30000-32767/tcp`. */
export function extraOpenings(reader: ParameterReader, problem: ResolveContext['problem']): readonly Opening[] {
  return uniqueOpenings(reader.list('ports').map((text) => parseOpening(text, problem)));
}

function parseOpening(text: string, problem: ResolveContext['problem']): Opening {
  const [, first = '', last = first, protocol = 'tcp'] = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (from < 1 || to > 65535 || from > to) {
    throw problem(
      'ports',
      `has ${JSON.stringify(text)}; allowed is a port such as 8080, "53/udp" or "30000-32767/tcp"`,
    );
  }
  return {
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
    port: from === to ? String(from) : `${from}-${to}`,
    from: 'network',
  };
}

function uniqueOpenings(openings: readonly Opening[]): readonly Opening[] {
  const byText = new Map(openings.map((opening) => [JSON.stringify(opening), opening]));
  const order = ({ protocol, port }: Opening): string => `${protocol} ${port.padStart(12, '0')}`;
  return [...byText.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
