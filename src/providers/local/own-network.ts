import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { Guard } from '../../engine/ports/guard.js';
import type { NetworkInventory } from '../../engine/ports/provider.js';
import { removeHomeCgroups } from './cgroups.js';
import { isThere } from './file-facts.js';
import type { LocalHome } from './local-home.js';
import { readMachineRecords } from './machine-record.js';
import { recordSubnet } from './network-record.js';
import { runOrFail } from './run-command.js';
import { formatSubnet, hostAddress, nodeRange, type Subnet } from './subnet.js';

const INOTIFY_INSTANCES = '/proc/sys/fs/inotify/max_user_instances';
/** A machine takes 3 of them idle and more with what runs in it; the usual limit for all of root's together is 128. */
const INOTIFY_INSTANCES_WANTED = 1024;

/** Makes or finds the bridge of this home, silent towards everything but the host itself. */
export async function ensureNetwork(home: LocalHome, guard: Guard): Promise<NetworkInventory> {
  await guard();
  const subnet = await recordSubnet(home);
  if (!(await isThere(`/sys/class/net/${home.anchor[0]}`)) || !(await isThere(`/sys/class/net/${home.bridge}`))) {
    await makeBridge(home, subnet, guard);
  }
  if ((await home.run(['nft', 'list', 'table', 'inet', home.nftTable])).exitCode !== 0) {
    await guard();
    await runOrFail(home.run, ['nft', '-f', '-'], forwardingRules(home));
  }
  await raiseInotifyLimit(guard);
  return describeNetwork(home, subnet);
}

/** Removes the bridge and all that belongs to it, unless a machine is left. */
export async function removeNetwork(home: LocalHome, guard: Guard): Promise<void> {
  if ((await readMachineRecords(home)).length > 0) return;
  for (const link of [home.anchor[0], home.bridge]) {
    if (!(await isThere(`/sys/class/net/${link}`))) continue;
    await guard();
    await runOrFail(home.run, ['ip', 'link', 'delete', link]);
  }
  await guard();
  // `delete` fails where there is none; adding it first makes the pair succeed either way.
  await runOrFail(home.run, ['nft', '-f', '-'], `table inet ${home.nftTable} {}\ndelete table inet ${home.nftTable}\n`);
  await removeHomeCgroups(home);
}

/** The network as inventories show it, foreign addresses aside. */
export function describeNetwork(home: LocalHome, subnet: Subnet): NetworkInventory {
  return {
    name: home.bridge,
    cidr: formatSubnet(subnet),
    hostAddress: hostAddress(subnet),
    range: nodeRange(subnet),
    foreignAddresses: [],
  };
}

/** Names of the links in the bridge; empty when there is no bridge. */
export async function bridgePorts(home: LocalHome): Promise<readonly string[]> {
  const folder = `/sys/class/net/${home.bridge}/brif`;
  return (await isThere(folder)) ? readdir(folder) : [];
}

/**
 * Input of `ip -batch` that makes the bridge. Its link address is fixed: else it changes with the machines that come and
 * go, and all forget whom they talked to. The anchor gives it a carrier before the first machine is there, so that what
 * the host sends to a booting machine waits for it instead of being dropped; its other end answers nothing.
 */
export function bridgeBatch(home: LocalHome, subnet: Subnet, existing: readonly string[]): string {
  const [inner, outer] = home.anchor;
  const linkAddress = ['02', 'bd', ...(home.homeKey.match(/../g) ?? [])].join(':');
  return [
    ...(existing.includes(home.bridge) ? [] : [`link add ${home.bridge} address ${linkAddress} type bridge`]),
    ...(existing.includes(inner) ? [] : [`link add ${inner} type veth peer name ${outer}`]),
    `address replace ${hostAddress(subnet)}/${subnet.prefixLength} dev ${home.bridge}`,
    `link set ${inner} master ${home.bridge}`,
    `link set ${outer} arp off`,
    ...[outer, inner, home.bridge].map((link) => `link set ${link} up`),
    '',
  ].join('\n');
}

/** nftables rules: nothing is forwarded from or to the bridge, and each packet that tried is counted. */
export function forwardingRules({ nftTable, bridge }: LocalHome): string {
  // Machines of the bridge may talk to each other: with br_netfilter their packets pass this hook, too.
  return `table inet ${nftTable} {
  chain forward {
    type filter hook forward priority -10; policy accept;
    iifname "${bridge}" oifname != "${bridge}" counter drop comment "from machines"
    iifname != "${bridge}" oifname "${bridge}" counter drop comment "to machines"
  }
}
`;
}

async function makeBridge(home: LocalHome, subnet: Subnet, guard: Guard): Promise<void> {
  const existing = await readdir('/sys/class/net');
  await guard();
  await runOrFail(home.run, ['ip', '-batch', '-'], bridgeBatch(home, subnet, existing));
  await setLinkOptions(home);
}

/** While a machine boots, ask for its link address every 50 ms for 3 s (the kernel's own way is each second, thrice). */
async function setLinkOptions(home: LocalHome): Promise<void> {
  const [inner, outer] = home.anchor;
  const options: readonly (readonly [string, string])[] = [
    [`ipv4/neigh/${home.bridge}/retrans_time_ms`, '50'],
    [`ipv4/neigh/${home.bridge}/mcast_solicit`, '60'],
    [`ipv4/conf/${home.bridge}/forwarding`, '0'],
    ...[home.bridge, inner, outer].map((link) => [`ipv6/conf/${link}/disable_ipv6`, '1'] as const),
  ];
  for (const [name, value] of options) {
    // A kernel without IPv6 has no options for it.
    if (await isThere(`/proc/sys/net/${name}`)) await writeFile(`/proc/sys/net/${name}`, value);
  }
}

async function raiseInotifyLimit(guard: Guard): Promise<void> {
  if (Number(await readFile(INOTIFY_INSTANCES, 'utf8')) >= INOTIFY_INSTANCES_WANTED) return;
  await guard();
  await writeFile(INOTIFY_INSTANCES, String(INOTIFY_INSTANCES_WANTED));
}
