import type { HostInventory, NetworkInventory, ProviderDescription } from '../engine/ports/provider.js';
import { toOneLine } from '../report/plain-text.js';
import { renderTable } from '../report/render-table.js';
import type { ProviderState } from './services/providers.js';

/** Providers as a table, then what sizes mean at each. */
export function renderProviders(providers: readonly ProviderDescription[]): readonly string[] {
  const table = renderTable({
    columns: [{ title: 'provider' }, { title: 'clones' }, { title: 'cpu' }, { title: 'memory' }, { title: 'disk' }],
    rows: providers.map((each) => [each.name, each.cloneKinds.join(',') || 'none', each.cpu, each.memory, each.disk]),
  });
  return [...table, ...providers.flatMap((each) => ['', ...sizeTable(each)])];
}

function sizeTable({ name, sizes }: ProviderDescription): readonly string[] {
  return renderTable({
    columns: [
      { title: `size at ${name}` },
      { title: 'cpus', align: 'right' },
      { title: 'memory MiB', align: 'right' },
      { title: 'disk GiB', align: 'right' },
    ],
    rows: Object.entries(sizes).map(([size, { cpuCount, memoryMiB, diskGiB }]) => [size, cpuCount, memoryMiB, diskGiB]),
  });
}

/** What a provider lacks, its hosts and its networks. */
export function renderProviderCheck({ provider, ready, missing, hosts, networks }: ProviderState): readonly string[] {
  const verdict = ready ? 'ready' : `${String(missing.length)} things are missing`;
  return [
    `${provider}: ${verdict}`,
    ...missing.flatMap(({ what, hint }) => [`  - ${toOneLine(what)}`, `    next: ${toOneLine(hint)}`]),
    '',
    ...hostTable(hosts),
    ...hosts.flatMap(({ name, closed }) => (closed === undefined ? [] : [`  ${name}: ${toOneLine(closed)}`])),
    ...(networks.length === 0 ? [] : ['', ...networkTable(networks)]),
  ];
}

function hostTable(hosts: readonly HostInventory[]): readonly string[] {
  return renderTable({
    columns: [
      { title: 'host' },
      { title: 'cpus', align: 'right' },
      { title: 'memory MiB', align: 'right' },
      { title: 'free', align: 'right' },
      { title: 'disk MiB free', align: 'right' },
    ],
    rows: hosts.map((host) => [host.name, host.cpuCount, host.memoryMiB, host.memoryFreeMiB, host.diskFreeMiB]),
  });
}

function networkTable(networks: readonly NetworkInventory[]): readonly string[] {
  return renderTable({
    columns: [
      { title: 'network' },
      { title: 'subnet' },
      { title: 'host' },
      { title: 'addresses' },
      { title: 'taken by others' },
    ],
    rows: networks.map((network) => [
      network.name,
      network.cidr,
      network.hostAddress,
      `${network.range[0]} to ${network.range[1]}`,
      network.foreignAddresses.join(','),
    ]),
  });
}
