import { BdeCommand } from './base-command.js';
import type { MakeRequest, ChangeManner } from './services/change-cluster.js';
import type { Surroundings } from './services/with-engine.js';

/** What every command shares that changes what is desired of a cluster. */
export abstract class ChangeCommand extends BdeCommand {
  /** Shows or makes the change, and prints what came of it. */
  protected async change(
    name: string,
    makeRequest: MakeRequest,
    manner: ChangeManner & Pick<Surroundings, 'data'>,
  ): Promise<unknown> {
    const { change } = await import('./services/change-cluster.js');
    const result = await change(name, makeRequest, { ...this.surroundings, ...manner });
    this.print(result.lines);
    return result.json;
  }

  protected get surroundings() {
    return { projectRoot: this.projectRoot, say: (text: string) => this.say(text) };
  }
}
