import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BdeError } from '../../src/errors/bde-error.js';
import type { Digest, RunId } from '../../src/errors/ids.js';
import { Secret } from '../../src/errors/secret.js';
import type { NodeLink, Nodes, NodeTarget, RunRequest } from '../../src/engine/ports/nodes.js';

/** Nodes with one machine that is on, fresh. */
export interface NodesUnderTest {
  readonly nodes: Nodes;
  readonly target: NodeTarget;
  /** A target where nothing answers. */
  readonly absentTarget: NodeTarget;
  /** A folder on the machine that tests may write to. */
  readonly folder: string;
  readFile(path: string): Promise<{ readonly content: Buffer; readonly mode: number }>;
  dispose(): Promise<void>;
}

const RUN_A = '01RUNA' as RunId;
const RUN_B = '01RUNB' as RunId;

/** A body that acts, so that the machine keeps a record of its run. */
const ACTING_BODY = 'bde_gate\nbde_detach\necho \'{"resource":"x","outcome":"changed","ms":1}\'';

export function requestRun(change: Partial<RunRequest> = {}): RunRequest {
  return {
    runId: RUN_A,
    epoch: 1,
    key: 'zookeeper',
    digest: 'd1' as Digest,
    mode: 'apply',
    script: new Secret(ACTING_BODY),
    timeoutMs: 20_000,
    ...change,
  };
}

/** The code of the `BdeError` that the promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof BdeError) return error.code;
    throw error;
  }
  return 'none';
}

export function describeNodes(name: string, make: () => Promise<NodesUnderTest>): void {
  describe(`nodes: ${name}`, () => {
    let under: NodesUnderTest;
    const links: NodeLink[] = [];
    const { signal } = new AbortController();

    beforeEach(async () => {
      under = await make();
    });

    afterEach(async () => {
      await Promise.all(links.splice(0).map((link) => link.close()));
      await under.dispose();
    });

    async function connect(target = under.target): Promise<NodeLink> {
      const link = await under.nodes.connect(target, { timeoutMs: 10_000, signal });
      links.push(link);
      return link;
    }

    const noLine = (): void => undefined;

    it('tells a fresh machine by epoch zero and nothing applied', async () => {
      const link = await connect();

      const hello = await link.hello();

      expect(hello).toMatchObject({ epoch: 0, applied: {} });
      expect(Math.abs(hello.clockSkewMs)).toBeLessThan(2000);
    });

    it('ends with CONNECT_FAILED where nothing answers in time', async () => {
      const connecting = under.nodes.connect(under.absentTarget, { timeoutMs: 300, signal });

      expect(await codeOf(connecting)).toBe('CONNECT_FAILED');
    });

    it('refuses another host key than the pinned one', async () => {
      const hostKey = under.nodes.generateKeyPair('other').publicOpenSsh;

      expect(await codeOf(connect({ ...under.target, hostKey }))).toBe('HOST_KEY_MISMATCH');
    });

    it('gives the abort reason of a connect that was aborted before', async () => {
      const aborted = under.nodes.connect(under.target, {
        timeoutMs: 10_000,
        signal: AbortSignal.abort(new Error('stop')),
      });

      await expect(aborted).rejects.toThrow('stop');
    });

    it('records the digest of an apply run that ended well', async () => {
      const link = await connect();

      const end = await link.run(requestRun(), noLine, signal);

      expect(end).toEqual({ state: 'exited', exitCode: 0, stderr: '' });
      expect((await link.hello()).applied).toEqual({ zookeeper: 'd1' });
    });

    it('records nothing for a check run', async () => {
      const link = await connect();

      await link.run(
        requestRun({ mode: 'check', script: new Secret('bde_gate; echo \'{"resource":"x"}\'') }),
        noLine,
        signal,
      );

      expect((await link.hello()).applied).toEqual({});
    });

    it('replaces the digest of a key and keeps the others', async () => {
      const link = await connect();

      await link.run(requestRun(), noLine, signal);
      await link.run(requestRun({ runId: RUN_B, key: 'packages', digest: 'p1' as Digest }), noLine, signal);
      await link.run(requestRun({ runId: '01RUNC' as RunId, digest: 'd2' as Digest }), noLine, signal);

      expect((await link.hello()).applied).toEqual({ packages: 'p1', zookeeper: 'd2' });
    });

    it('gives the same end and lines when a run is started twice', async () => {
      const link = await connect();
      const first: string[] = [];
      const second: string[] = [];

      const end = await link.run(requestRun(), (line) => first.push(line), signal);
      const again = await link.run(requestRun(), (line) => second.push(line), signal);

      expect(again).toEqual(end);
      expect(first).toHaveLength(1);
      expect(second).toEqual(first);
    });

    it('attaches to a run that has ended, from another connection', async () => {
      const lines: string[] = [];
      await (await connect()).run(requestRun(), noLine, signal);

      const end = await (await connect()).attach(RUN_A, (line) => lines.push(line), signal);

      expect(end).toEqual({ state: 'exited', exitCode: 0, stderr: '' });
      expect(lines).toHaveLength(1);
    });

    it('refuses to attach to a run that it never heard of', async () => {
      const link = await connect();

      expect(await codeOf(link.attach(RUN_B, noLine, signal))).toBe('RUN_REFUSED');
    });

    it('knows an ended run from one that never was', async () => {
      const link = await connect();
      await link.run(requestRun(), noLine, signal);

      expect([await link.lookUp(RUN_A), await link.lookUp(RUN_B)]).toEqual(['ended', 'absent']);
    });

    it('raises its epoch by a run and by a fence', async () => {
      const link = await connect();

      await link.run(requestRun({ epoch: 3 }), noLine, signal);
      const afterRun = (await link.hello()).epoch;
      const state = await link.fence(4, null);

      expect([afterRun, state, (await link.hello()).epoch]).toEqual([3, 'absent', 4]);
    });

    it('adopts an ended run when it is fenced', async () => {
      const link = await connect();
      await link.run(requestRun(), noLine, signal);

      expect(await link.fence(2, RUN_A)).toBe('ended');
    });

    it('refuses a fence that is not higher than its epoch', async () => {
      const link = await connect();
      await link.fence(5, null);

      expect(await codeOf(link.fence(5, null))).toBe('RUN_REFUSED');
      expect(await codeOf(link.fence(4, null))).toBe('RUN_REFUSED');
    });

    it('refuses a new run of a lower epoch and keeps no trace of it', async () => {
      const link = await connect();
      await link.fence(5, RUN_B);

      expect(await codeOf(link.run(requestRun({ runId: RUN_B, epoch: 4 }), noLine, signal))).toBe('RUN_REFUSED');
      expect(await link.lookUp(RUN_B)).toBe('absent');
      expect((await link.hello()).applied).toEqual({});
    });

    it('reads the result of an old run after a fence', async () => {
      const link = await connect();
      await link.run(requestRun(), noLine, signal);
      await link.fence(9, null);

      expect(await link.run(requestRun(), noLine, signal)).toMatchObject({ state: 'exited' });
    });

    it('ends a command with its argv, exit code and no signal', async () => {
      const link = await connect();

      const result = await link.command(['true'], { timeoutMs: 5000 });

      expect(result).toMatchObject({ argv: ['true'], exitCode: 0, signal: null, timedOut: false, stdout: '' });
    });

    it('writes a file with its mode and makes its folder', async () => {
      const link = await connect();
      const path = `${under.folder}/deep/er/a file`;
      const content = randomBytes(100_000);

      await link.writeFile(path, content, 0o640);

      expect(await under.readFile(path)).toEqual({ content, mode: 0o640 });
    });

    it('replaces a file that is there, secret content too', async () => {
      const link = await connect();
      const path = `${under.folder}/file`;

      await link.writeFile(path, Buffer.from('old and longer'), 0o644);
      await link.writeFile(path, new Secret('new'), 0o600);

      expect(await under.readFile(path)).toEqual({ content: Buffer.from('new'), mode: 0o600 });
    });

    it('refuses every exchange after it was closed', async () => {
      const link = await connect();
      await link.close();

      expect(await codeOf(link.hello())).toBe('CONNECT_LOST');
      expect(await codeOf(link.command(['true']))).toBe('CONNECT_LOST');
      expect(await codeOf(link.run(requestRun(), noLine, signal))).toBe('CONNECT_LOST');
    });

    it('makes key pairs in OpenSSH form, each another', () => {
      const one = under.nodes.generateKeyPair('bde cluster key');
      const other = under.nodes.generateKeyPair('bde cluster key');

      expect(one.publicOpenSsh).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]+ bde cluster key$/);
      expect(one.privateOpenSsh.reveal()).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
      expect(other.publicOpenSsh).not.toBe(one.publicOpenSsh);
    });
  });
}
