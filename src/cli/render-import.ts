import { renderCluster } from './render-cluster.js';
import type { FoundLine, ImportedCluster } from './services/import-report.js';

/** What would be imported, and what not. */
export function renderFound(found: readonly FoundLine[]): readonly string[] {
  return found.flatMap((each) => {
    const head = `${each.name}  ${each.id}  ${String(each.machineCount)} machines`;
    if (each.record === null) return [head, `  cannot be imported: ${each.problem?.message ?? ''}`, ''];
    const { epoch, count } = each.record;
    return [
      head,
      `  record: epoch ${String(epoch)}, count ${String(count)}, on ${each.from.join(', ')}`,
      ...lossLines(each.notRestored),
      '',
    ];
  });
}

/** A cluster that is known again, with what is not. */
export function renderImported({ cluster, record, from, notRestored }: ImportedCluster): readonly string[] {
  return [
    `Imported ${cluster.name} from its record (epoch ${String(record.epoch)}, count ${String(record.count)}) on ${from.join(', ')}.`,
    ...lossLines(notRestored),
    '',
    ...renderCluster(cluster),
    `  bde cluster apply ${cluster.name} --spec SPEC --refresh nodes --plan`,
  ];
}

function lossLines(notRestored: readonly string[]): readonly string[] {
  return ['Not restored:', ...notRestored.map((line) => `  ${line}`)];
}
