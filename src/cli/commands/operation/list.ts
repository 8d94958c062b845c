import { BdeCommand } from '../../base-command.js';
import type { OperationLine } from '../../services/operations.js';

export default class OperationList extends BdeCommand {
  static override readonly summary = 'List every operation of this home, newest first.';
  static override readonly description = 'Who asked for what, and how it ended.';
  static override readonly examples = ['<%= config.bin %> operation list', '<%= config.bin %> operation list --json'];

  async run(): Promise<{ readonly formatVersion: 1; readonly operations: readonly OperationLine[] }> {
    await this.parse(OperationList);
    const { listOperations } = await import('../../services/operations.js');
    const operations = await listOperations();
    const { renderLinks } = await import('../../render-operation.js');
    const { renderTable } = await import('../../../report/render-table.js');
    this.print(
      renderTable({
        columns: [
          { title: 'id' },
          { title: 'operation' },
          { title: 'cluster' },
          { title: 'state' },
          { title: 'started' },
          { title: 'by' },
          { title: 'outcome' },
        ],
        rows: operations.map((each) => [
          each.id,
          each.kind,
          each.cluster,
          each.state,
          each.startedAt,
          `${each.user}@${each.host}`,
          [each.outcome, ...renderLinks(each)].filter((part) => part !== null).join('; '),
        ]),
      }),
    );
    return { formatVersion: 1, operations };
  }
}
