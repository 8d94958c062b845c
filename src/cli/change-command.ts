import { BdeCommand } from './base-command.js';
import type { ChangeManner, ChangePreview, MakeRequest } from './services/change-cluster.js';
import type { OperationReport } from './services/run-cluster-operation.js';
import type { Surroundings } from './services/with-engine.js';

/** How a plan tells by its exit code. */
interface ExitFlags {
  readonly 'detailed-exitcode'?: boolean;
}

/** What every command shares that changes what is desired of a cluster. */
export abstract class ChangeCommand extends BdeCommand {
  /** Shows or makes the change, and prints what came of it. */
  protected async change(
    name: string,
    makeRequest: MakeRequest,
    manner: ChangeManner & Pick<Surroundings, 'data'> & ExitFlags,
  ): Promise<unknown> {
    const { change } = await import('./services/change-cluster.js');
    return this.report(await change(name, makeRequest, { ...this.surroundings, ...manner }), manner);
  }

  /** Prints a plan, or what came of one; where asked to, a plan with steps ends with 10. */
  protected report(result: ChangePreview | OperationReport, flags: ExitFlags): unknown {
    this.print(result.lines);
    const isToDo = 'plan' in result.json && result.json.plan.steps.length > 0;
    if (flags['detailed-exitcode'] === true && isToDo) process.exitCode = 10;
    return result.json;
  }

  protected get surroundings() {
    return { projectRoot: this.projectRoot, say: (text: string) => this.say(text) };
  }
}
