import { Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { clusterArg } from '../../cluster-flags.js';

export default class ClusterEvents extends BdeCommand {
  static override readonly summary = 'Show what happened to a cluster, oldest first.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    follow: Flags.boolean({
      char: 'f',
      description: 'Go on with new events until Ctrl-C; with --json one event a line.',
      default: false,
    }),
  };
  static override readonly examples = [
    '<%= config.bin %> cluster events bare-basic',
    '<%= config.bin %> cluster events bare-basic --follow --json',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterEvents);
    const { followEvents, listEvents } = await import('../../services/cluster-events.js');
    const { renderEvent } = await import('../../render-event.js');
    if (!flags.follow) {
      const events = await listEvents(args.name);
      this.print(events.map(renderEvent));
      return { formatVersion: 1, events };
    }
    const asLine = this.jsonEnabled() ? JSON.stringify : renderEvent;
    for await (const event of followEvents(args.name)) process.stdout.write(`${asLine(event)}\n`);
    return undefined;
  }

  /** Followed events have been written one by one: there is no whole to write at the end. */
  protected override logJson(json: unknown): void {
    if (json !== undefined) super.logJson(json);
  }
}
