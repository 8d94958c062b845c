import { renderTable } from '../report/render-table.js';
import type { BackupDescription, BackupList } from './services/backups/list-backups.js';

/** Backups as people read them: one line for each archive. */
export function renderBackups({ backups }: BackupList): readonly string[] {
  if (backups.length === 0) return ['There are no backups: bde cluster backup NAME takes one.'];
  return renderTable({
    columns: [
      { title: 'id' },
      { title: 'cluster' },
      { title: 'taken at' },
      { title: 'role' },
      { title: 'from' },
      { title: 'size' },
    ],
    rows: backups.flatMap(({ id, cluster, takenAt, archives }) =>
      archives.map(({ role, node, bytes }) => [id, cluster.name, takenAt, role, node, formatBytes(bytes)]),
    ),
  });
}

/** A backup that was just taken. */
export function renderBackup({ id, folder, archives }: BackupDescription): readonly string[] {
  return [
    `Backup ${id}, in ${folder}:`,
    ...archives.map(({ role, node, bytes }) => `  ${role} from ${node}, ${formatBytes(bytes)}`),
  ];
}

function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? String(value) : value.toFixed(1)} ${units[power] ?? ''}`;
}
