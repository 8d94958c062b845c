import { Secret } from '../../src/errors/secret.js';
import type { NodeTarget, RunRequest } from '../../src/engine/ports/nodes.js';
import { createSshNodes } from '../../src/ssh/create-ssh-nodes.js';
import { wallClock } from '../contract/nodes-ssh-fixture.js';

/** What the child is told, as JSON in its one argument. */
export interface ChildOrder {
  readonly root: string;
  readonly target: Omit<NodeTarget, 'privateKey'> & { readonly privateKey: string };
  readonly request: Omit<RunRequest, 'script'> & { readonly script: string };
}

/** A controller of its own that tests kill: does one run and prints its lines. */
async function main(argument: string): Promise<void> {
  const { root, target, request } = JSON.parse(argument) as ChildOrder;
  const { signal } = new AbortController();
  const nodes = createSshNodes({ clock: wallClock, nodeRoot: () => root });
  const link = await nodes.connect(
    { ...target, privateKey: new Secret(target.privateKey) },
    { timeoutMs: 10_000, signal },
  );
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  await link.run({ ...request, script: new Secret(request.script) }, print, signal);
  await link.close();
}

await main(process.argv[2] ?? '');
