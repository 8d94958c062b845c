import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isThere } from './file-facts.js';
import { hostLink, type LocalHome } from './local-home.js';
import { readMachineRecords } from './machine-record.js';
import { bridgePorts } from './own-network.js';
import { runOrFail } from './run-command.js';
import { nodeAddresses, type Subnet } from './subnet.js';

const ANSWER_WITHIN_MS = 300;
const DISCARD_PORT = 9;

/**
 * Addresses for nodes that are taken by something that is no machine of ours: the host itself, or somebody on the bridge.
 *
 * Only what is plugged into the bridge can answer there, so nobody is asked while all its ports are our machines'.
 */
export async function findForeignAddresses(home: LocalHome, subnet: Subnet): Promise<readonly string[]> {
  const range = nodeAddresses(subnet);
  const onHost = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => address),
  );
  const own = new Set((await readMachineRecords(home)).flatMap((record) => record.addresses));
  const answering = (await hasForeignPort(home, own)) ? await askBridge(home, range) : [];
  const taken = new Set([...onHost, ...answering.filter((address) => !own.has(address))]);
  return range.filter((address) => taken.has(address));
}

async function hasForeignPort(home: LocalHome, own: ReadonlySet<string>): Promise<boolean> {
  if (!(await isThere(`/sys/class/net/${home.bridge}`))) return false;
  const known = new Set([...home.anchor, ...[...own].map((address) => hostLink(home, address))]);
  return (await bridgePorts(home)).some((port) => !known.has(port));
}

/** Sends each address a packet, so that the kernel asks for its owner, and reads who answered. */
async function askBridge(home: LocalHome, addresses: readonly string[]): Promise<readonly string[]> {
  // Answers of the past would look like answers of now.
  await runOrFail(home.run, ['ip', 'neigh', 'flush', 'dev', home.bridge]);
  const socket = createSocket('udp4');
  // Unreachable hosts are what is expected here.
  socket.on('error', () => undefined);
  await Promise.all(addresses.map((address) => sendEmpty(socket, address)));
  await sleep(ANSWER_WITHIN_MS);
  socket.close();
  const neighbours = await runOrFail(home.run, ['ip', '-json', '-4', 'neigh', 'show', 'dev', home.bridge]);
  return parseNeighbours(neighbours);
}

/** Addresses that answered, from `ip -json neigh`: those with a link address. */
export function parseNeighbours(json: string): readonly string[] {
  const entries = JSON.parse(json) as readonly { readonly dst: string; readonly lladdr?: string }[];
  return entries.filter((entry) => entry.lladdr !== undefined).map((entry) => entry.dst);
}

function sendEmpty(socket: ReturnType<typeof createSocket>, address: string): Promise<void> {
  return new Promise((resolve) => {
    socket.send(Buffer.alloc(1), DISCARD_PORT, address, () => {
      resolve();
    });
  });
}
