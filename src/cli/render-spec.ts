import { renderTable } from '../report/render-table.js';
import type { NodeGroupSpec } from '../spec/cluster-spec.js';
import type { SpecDescription } from './services/describe-spec.js';

/** A spec as lines: head, then its node groups; `-` where the size of the machines decides. */
export function renderSpec({ spec, file, normalForm }: SpecDescription): readonly string[] {
  const nodes = normalForm.groups.reduce((sum, group) => sum + group.count, 0);
  const distro = normalForm.distro === null ? '' : `, distro ${normalForm.distro}`;
  return [
    `${spec}  ${String(nodes)} nodes, ${normalForm.apiVersion}${distro}, ${file}`,
    '',
    ...renderTable({
      columns: [
        { title: 'group' },
        { title: 'nodes', align: 'right' },
        { title: 'roles' },
        { title: 'size' },
        { title: 'cpus', align: 'right' },
        { title: 'memory MiB', align: 'right' },
        { title: 'data disks' },
      ],
      rows: normalForm.groups.map((group) => [
        group.name,
        group.count,
        group.roles.join(','),
        group.sizeName,
        group.cpuCount,
        group.memoryMiB,
        dataDisks(group),
      ]),
    }),
  ];
}

/** `2 × 10 GiB` */
function dataDisks({ storage }: NodeGroupSpec): string | null {
  if (storage?.sizeGiB === undefined || storage.sizeGiB === null) return null;
  const count = Math.max(1, storage.diskCount);
  return `${String(count)} × ${String(Math.ceil(storage.sizeGiB / count))} GiB`;
}
