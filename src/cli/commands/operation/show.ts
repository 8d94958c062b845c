import { Args } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';

export default class OperationShow extends BdeCommand {
  static override readonly summary = 'Show one operation: what was asked, its plan, and how each step ended.';
  static override readonly args = { id: Args.string({ description: 'Id of the operation.', required: true }) };
  static override readonly examples = [
    '<%= config.bin %> operation show 01J9ZZZZZZZZZZZZZZZZZZZZZZ',
    '<%= config.bin %> operation show 01J9ZZZZZZZZZZZZZZZZZZZZZZ --json',
  ];

  async run(): Promise<unknown> {
    const { args } = await this.parse(OperationShow);
    const { showOperation } = await import('../../services/operations.js');
    const { renderOperation } = await import('../../render-operation.js');
    const operation = await showOperation(args.id);
    this.print(renderOperation(operation));
    return operation;
  }
}
