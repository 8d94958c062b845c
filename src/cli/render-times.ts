import { formatDuration } from '../report/format-duration.js';
import { renderTable } from '../report/render-table.js';
import type { TimeShare } from '../report/time-summary.js';

/** Where the time went, as a table; nothing where nothing ran. */
export function renderTimes(shares: readonly TimeShare[]): readonly string[] {
  if (shares.length === 0) return [];
  const table = renderTable({
    columns: [
      { title: 'time went to' },
      { title: 'steps', align: 'right' },
      { title: 'wall', align: 'right' },
      { title: 'longest', align: 'right' },
      { title: 'on' },
    ],
    rows: shares.map((share) => [
      share.kind,
      share.steps,
      formatDuration(share.wallMs),
      formatDuration(share.longestMs),
      share.longestNode,
    ]),
  });
  return [...table, ''];
}
