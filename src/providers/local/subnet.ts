/** An IPv4 network in numbers. */
export interface Subnet {
  /** Network address as a 32-bit number. */
  readonly base: number;
  readonly prefixLength: number;
}

/** The space that homes take their networks from, 10.64.0.0/10: 16384 networks of 254 addresses. */
const SPACE = { base: 0x0a400000, networks: 2 ** 14, prefixLength: 24 } as const;
/** Nodes get .10 to .250; what is below and above is for people who attach something by hand. */
const FIRST_NODE = 10;
const LAST_NODE = 250;

/**
 * The network of a home: the one that its key names, or the next one in the space that overlaps none of the host's routes.
 * Undefined when all overlap.
 */
export function chooseSubnet(homeKey: string, routes: readonly Subnet[]): Subnet | undefined {
  const start = Number.parseInt(homeKey, 16) % SPACE.networks;
  for (let offset = 0; offset < SPACE.networks; offset += 1) {
    const base = SPACE.base + ((start + offset) % SPACE.networks) * 256;
    const candidate = { base, prefixLength: SPACE.prefixLength };
    if (!routes.some((route) => overlaps(route, candidate))) return candidate;
  }
  return undefined;
}

/** Whether two networks have an address in common. */
export function overlaps(a: Subnet, b: Subnet): boolean {
  const shared = 32 - Math.min(a.prefixLength, b.prefixLength);
  return Math.floor(a.base / 2 ** shared) === Math.floor(b.base / 2 ** shared);
}

/** `10.77.3.0/24` or a plain address; undefined for anything else. */
export function parseSubnet(text: string): Subnet | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  if (!match) return undefined;
  const [first = 0, second = 0, third = 0, fourth = 0, prefixLength = 32] = match
    .slice(1)
    .map((part) => (part ? Number(part) : undefined));
  return { base: ((first * 256 + second) * 256 + third) * 256 + fourth, prefixLength };
}

/** `10.77.3.0/24` */
export function formatSubnet(subnet: Subnet): string {
  return `${addressIn(subnet, 0)}/${subnet.prefixLength}`;
}

/** The address that lies `offset` above the network's own. */
export function addressIn(subnet: Subnet, offset: number): string {
  const value = subnet.base + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** The host's own address in a home's network. */
export function hostAddress(subnet: Subnet): string {
  return addressIn(subnet, 1);
}

/** First and last address for nodes. */
export function nodeRange(subnet: Subnet): readonly [string, string] {
  return [addressIn(subnet, FIRST_NODE), addressIn(subnet, LAST_NODE)];
}

/** Every address for nodes, ascending. */
export function nodeAddresses(subnet: Subnet): readonly string[] {
  return Array.from({ length: LAST_NODE - FIRST_NODE + 1 }, (_, index) => addressIn(subnet, FIRST_NODE + index));
}

/**
 * Networks that the host reaches by a route of its own, read from `ip -json -4 route show table all`; the default route
 * and those of `bridge`, which is ours, are left out.
 */
export function parseRoutes(json: string, bridge: string): readonly Subnet[] {
  const routes = JSON.parse(json) as readonly { readonly dst?: string; readonly dev?: string }[];
  return routes
    .filter((route) => route.dev !== bridge)
    .map((route) => parseSubnet(route.dst ?? ''))
    .filter((subnet) => subnet !== undefined);
}
