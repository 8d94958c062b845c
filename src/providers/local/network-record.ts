import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BdeError } from '../../errors/bde-error.js';
import { readIfThere } from './file-facts.js';
import type { LocalHome } from './local-home.js';
import { runOrFail } from './run-command.js';
import { chooseSubnet, formatSubnet, parseRoutes, parseSubnet, type Subnet } from './subnet.js';

/**
 * The network of this home: the recorded one, or the one that would be chosen now. Changes nothing.
 *
 * @throws BdeError `PROVIDER_FAILED` when the host's routes leave no network free
 */
export async function findSubnet(home: LocalHome): Promise<Subnet> {
  return (await readSubnet(home)) ?? (await chooseFreeSubnet(home));
}

/** The network of this home, recorded at the first call so that later routes of the host do not move it. */
export async function recordSubnet(home: LocalHome): Promise<Subnet> {
  const recorded = await readSubnet(home);
  if (recorded) return recorded;
  const subnet = await chooseFreeSubnet(home);
  await mkdir(home.dataDir, { recursive: true });
  const temporary = `${recordPath(home)}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify({ formatVersion: 1, cidr: formatSubnet(subnet) })}\n`);
  await rename(temporary, recordPath(home));
  return subnet;
}

function recordPath(home: LocalHome): string {
  return join(home.dataDir, 'network.json');
}

async function readSubnet(home: LocalHome): Promise<Subnet | undefined> {
  const text = await readIfThere(recordPath(home));
  if (text === undefined) return undefined;
  const subnet = parseSubnet((JSON.parse(text) as { cidr: string }).cidr);
  if (subnet) return subnet;
  throw new BdeError('PROVIDER_FAILED', `${recordPath(home)} names no network: ${text.trim()}`, {
    hint: 'Remove the file while no machine of this home is there; the network is chosen again.',
  });
}

async function chooseFreeSubnet(home: LocalHome): Promise<Subnet> {
  const routes = await runOrFail(home.run, ['ip', '-json', '-4', 'route', 'show', 'table', 'all']);
  const subnet = chooseSubnet(home.homeKey, parseRoutes(routes, home.bridge));
  if (subnet) return subnet;
  throw new BdeError(
    'PROVIDER_FAILED',
    "the host's routes cover all of 10.64.0.0/10, so no network is left for machines",
    {
      hint: 'Remove or narrow a route with `ip route`.',
    },
  );
}
