import { Buffer } from 'node:buffer';
import { afterAll, beforeAll } from 'vitest';
import type { Guard } from '../../src/engine/ports/guard.js';
import { parseRunLine } from '../../src/cookbook/parse-run-line.js';
import { quoteShell } from '../../src/cookbook/quote-shell.js';
import { makeLocalWorld, type LocalWorld } from '../contract/local-world.js';
import { aCreation } from '../contract/provider-requests.js';
import type { ResultLine } from './converge-support.js';

const free: Guard = () => Promise.resolve();

/** What a run of a body on a machine gave. */
export interface MachineRun {
  readonly lines: readonly ResultLine[];
  /** `resource: outcome`, in order. */
  readonly outcomes: readonly string[];
  readonly stderr: string;
}

/** One real machine of the local provider, on which bodies run as the ssh wrapper would have them run. */
export class ConvergeMachine {
  readonly world: LocalWorld;
  readonly address: string;

  private constructor(world: LocalWorld, address: string) {
    this.world = world;
    this.address = address;
  }

  /** Clones the machine; it is gone, with everything around it, after `world.dispose()`. */
  static async make(): Promise<ConvergeMachine> {
    const world = await makeLocalWorld();
    try {
      const creation = aCreation(world.creation);
      await world.subject.provider.create(creation, free);
    } catch (error) {
      await world.dispose();
      throw error;
    }
    return new ConvergeMachine(world, world.creation.address);
  }

  /** A command as root; its stdout. */
  ssh(command: string): Promise<string> {
    return this.world.ssh(this.address, command);
  }

  /** Writes a file; the content travels inside the command. */
  async write(path: string, content: string): Promise<void> {
    await this.ssh(`printf %s ${Buffer.from(content).toString('base64')} | base64 -d >${quoteShell(path)}`);
  }

  /** Runs a body and tells how it ended; a body that fails is no error here. */
  async run(script: string, mode: 'apply' | 'check' = 'apply'): Promise<MachineRun> {
    const wrapper = [
      'umask 077',
      'export LC_ALL=C',
      `BDE_MODE=${mode} BDE_DIR=/var/lib/bde BDE_KEY=demo BDE_TMP=/run/bde BDE_CONTENT=/run/bde/content`,
      'bde_detach() { :; }',
      'bde_gate() { :; }',
      'bde_is_attached() { return 1; }',
    ];
    await this.ssh('mkdir -p -m 0700 /var/lib/bde /run/bde');
    await this.write('/run/bde/body', [...wrapper, script].join('\n'));
    const stdout = await this.ssh('sh /run/bde/body 2>/run/bde/stderr || :');
    const parsed = stdout.split('\n').flatMap((line) => parseRunLine(line) ?? []);
    const lines = parsed.filter((line): line is ResultLine => 'resource' in line);
    const stderr = await this.ssh('cat /run/bde/stderr');
    return { lines, outcomes: lines.map(({ resource, outcome }) => `${resource}: ${outcome}`), stderr };
  }
}

/** Clones a machine before the tests of a suite, hands it over, and removes it with all around it behind them. */
export function setUpMachine(ready: (machine: ConvergeMachine) => void | Promise<void>): void {
  let made: ConvergeMachine | undefined;
  beforeAll(async () => {
    made = await ConvergeMachine.make();
    await ready(made);
  });
  afterAll(() => made?.world.dispose());
}
