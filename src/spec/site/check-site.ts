import type { BdeError } from '../../errors/bde-error.js';
import { findingAt } from '../document/finding.js';
import { didYouMean } from '../document/nearest-name.js';
import type { ParsedDocument } from '../document/parse-document.js';
import type { DocumentPath } from '../document/source-tree.js';
import { checkStaticProviders } from './check-static-providers.js';
import { addressNumber, isHostOf, networkRange, overlaps, type AddressRange } from './ipv4.js';
import type { SiteReport } from './site-report.js';
import type { Site, SiteNetwork } from './site.js';

/** What is wrong with a site beyond its schema: names that lead nowhere, addresses outside of their network, overlaps. */
export function checkSite(site: Site, document: ParsedDocument): readonly BdeError[] {
  const report: SiteReport = (path, message) => findingAt({ document, path }, { code: 'FIELD_INVALID', message });
  return [
    ...checkDefaultProvider(site, report),
    ...checkNetworkNames(site, report),
    ...Object.entries(site.networks).flatMap(([name, network]) => checkAddresses(name, network, report)),
    ...checkOverlaps(site, report),
    ...checkStaticProviders(site, document, report),
  ];
}

function checkDefaultProvider({ defaultProvider, providers }: Site, report: SiteReport): readonly BdeError[] {
  const names = Object.keys(providers);
  // A site that configures no provider may still choose one by its kind.
  if (names.length === 0 || names.includes(defaultProvider)) return [];
  const there = `there are ${names.join(', ')}${didYouMean(defaultProvider, names)}`;
  return [report(['provider'], `no provider is called "${defaultProvider}"; ${there}`)];
}

function checkNetworkNames({ providers, networks }: Site, report: SiteReport): readonly BdeError[] {
  const names = Object.keys(networks);
  return Object.entries(providers).flatMap(([name, { network }]) => {
    if (network === null || names.includes(network)) return [];
    const there = names.length === 0 ? '"networks" has none' : `there are ${names.join(', ')}`;
    return [
      report(
        ['providers', name, 'network'],
        `no network is called "${network}"; ${there}${didYouMean(network, names)}`,
      ),
    ];
  });
}

function checkAddresses(name: string, network: SiteNetwork, report: SiteReport): readonly BdeError[] {
  const whole = networkRange(network.cidr);
  const outside = (path: DocumentPath, address: string) =>
    isHostOf(whole, address)
      ? []
      : [report(['networks', name, ...path], `${address} is no host address of ${network.cidr}`)];
  const ends = network.range ?? [];
  return [
    ...ends.flatMap((address, index) => outside(['range', index], address)),
    ...(network.gateway === null ? [] : outside(['gateway'], network.gateway)),
    ...checkRange(name, network, report),
  ];
}

function checkRange(name: string, { range, gateway }: SiteNetwork, report: SiteReport): readonly BdeError[] {
  if (range === null) return [];
  const [first, last] = range;
  const path = ['networks', name, 'range'];
  if (addressNumber(first) > addressNumber(last)) return [report(path, `the range ${first} to ${last} runs backwards`)];
  const pool: AddressRange = { first: addressNumber(first), last: addressNumber(last) };
  if (gateway === null || !overlaps(pool, { first: addressNumber(gateway), last: addressNumber(gateway) })) return [];
  return [report(path, `the range ${first} to ${last} holds the gateway ${gateway}`)];
}

/** Two networks may share a subnet (a DHCP scope and a static pool), but no address that both would give out. */
function checkOverlaps({ networks }: Site, report: SiteReport): readonly BdeError[] {
  const pools = Object.entries(networks).map(([name, network]) => ({ name, pool: poolOf(network) }));
  return pools.flatMap(({ name, pool }, index) => {
    const other = pools.slice(0, index).find((earlier) => overlaps(earlier.pool, pool));
    return other === undefined
      ? []
      : [report(['networks', name], `network ${name} and network ${other.name} share addresses`)];
  });
}

function poolOf({ cidr, range }: SiteNetwork): AddressRange {
  if (range === null) return networkRange(cidr);
  return { first: addressNumber(range[0]), last: addressNumber(range[1]) };
}
