import { Command, Flags, type Interfaces } from '@oclif/core';
import { dirname } from 'node:path';
import { isBdeError } from '../errors/bde-error.js';
import { failureFormOf } from './failure-form.js';
import { Interrupted } from './interrupt.js';

/** What every command shares: `--json`, `--debug`, and the one place where errors become text and exit codes. */
export abstract class BdeCommand extends Command {
  static override readonly enableJsonFlag: boolean = true;

  static override readonly baseFlags = {
    debug: Flags.boolean({
      description: 'Show causes and stack traces of errors.',
      env: 'BDE_DEBUG',
      helpGroup: 'GLOBAL',
      default: false,
    }),
  };

  /** The folder that holds `specs/`, `distros/`, `cookbooks/` and `repos/`. */
  protected get projectRoot(): string {
    return dirname(this.config.root);
  }

  /** Exit code of our own failures; `ssh` and `exec` pass remote codes through and keep 255 for themselves. */
  protected failureExitCode(code: number): number {
    return code;
  }

  protected override async catch(error: Interfaces.CommandError): Promise<void> {
    const { printFailure } = await import('./print-failure.js');
    const { debug } = failureFormOf(this.argv, process.env);
    printFailure(error, {
      json: this.jsonEnabled(),
      debug,
      command: this.id,
      exitCodeFor: (code) => this.failureExitCode(code),
    });
    // A second Ctrl-C and a lost lease wait for nothing: what was left under way must not keep the process.
    if (error instanceof Interrupted || isBdeError(error, 'LEASE_LOST')) process.exit();
  }

  /** Progress and remarks for people: never on stdout. */
  protected say(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Lines of a result, on stdout. */
  protected print(lines: readonly string[]): void {
    for (const line of lines) this.log(line);
  }
}
