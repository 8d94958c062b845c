import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import type { RunId } from '../../src/errors/ids.js';
import { Secret } from '../../src/errors/secret.js';
import type { NodeLink, RunRequest } from '../../src/engine/ports/nodes.js';
import { makeSshFixture, type SshFixture } from '../contract/nodes-ssh-fixture.js';
import { startTcpProxy, type TcpProxy } from '../contract/nodes-tcp-proxy.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { requestLocalRun } from './ssh-local-shell.js';

const user = process.getuid?.() ?? 0;
const group = process.getgid?.() ?? 0;

/**
 * Counted at a proxy: a turn is what the client says after the server spoke. Each costs one round trip, whatever the link's
 * delay; bytes that follow in the same direction cost none.
 */
describe('round trips of a run', () => {
  let fixture: SshFixture;
  let proxy: TcpProxy;
  let link: NodeLink;
  let runs = 0;
  const { signal } = new AbortController();

  beforeEach(async () => {
    // No keepalive in the middle of a count.
    fixture = await makeSshFixture({ keepaliveMs: 60_000 });
    proxy = await startTcpProxy(fixture.sshd.port);
    link = await fixture.nodes.connect({ ...fixture.target, port: proxy.port }, { timeoutMs: 10_000, signal });
  });
  afterEach(async () => {
    await link.close();
    await proxy.close();
    await fixture.dispose();
  });

  const request = (): RunRequest => {
    const owned = `owner: "${user}"\n    group: "${group}"\n`;
    const recipe = [
      `  - directory: ${fixture.root}/etc\n    ${owned}`,
      `  - file: ${fixture.root}/etc/small\n    content: small\n    ${owned}`,
      `  - file: ${fixture.root}/etc/large\n    source: large\n    ${owned}`,
    ].join('');
    const compiled = compileRun(compileInput(), [
      recipeCookbook(recipe, { 'files/large': Buffer.alloc(60_000, 'x\n') }),
    ]);
    runs += 1;
    return requestLocalRun({
      ...compiled,
      runId: `01RUN${String(runs)}` as RunId,
      script: new Secret(compiled.script),
    });
  };

  /** What one run cost: turns, and bytes each way. */
  const measure = async (): Promise<{ turns: number; sent: number; received: number; outcomes: string[] }> => {
    const before = { turns: proxy.turns(), sent: proxy.sentBytes(), received: proxy.receivedBytes() };
    const outcomes: string[] = [];
    await link.run(request(), (line) => outcomes.push((JSON.parse(line) as { outcome: string }).outcome), signal);
    return {
      turns: proxy.turns() - before.turns,
      sent: proxy.sentBytes() - before.sent,
      received: proxy.receivedBytes() - before.received,
      outcomes,
    };
  };

  it('is one, and few bytes each way, where nothing is to do', async () => {
    await measure();

    const { turns, sent, received, outcomes } = await measure();

    expect(outcomes).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect(turns).toBe(1);
    expect(sent).toBeLessThan(2_000);
    expect(received).toBeLessThan(2_000);
  });

  it('is at most four on a node that has nothing yet, with a large file', async () => {
    const { turns, outcomes } = await measure();

    expect(outcomes).toEqual(['changed', 'changed', 'changed']);
    expect(turns).toBeLessThanOrEqual(4);
  });
});
