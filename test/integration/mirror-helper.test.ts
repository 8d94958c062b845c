import { execFile, type ExecFileException } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Mirror, RepoLock } from '../../src/engine/ports/mirror.js';
import type { ClusterId, Digest } from '../../src/errors/ids.js';
import { portCandidates } from '../../src/repo/serve/listen.js';
import { identifyProcess } from '../../src/repo/serve/process-identity.js';
import { ask, bundleProgram, MirrorSandbox, packageFile } from '../contract/mirror-sandbox.js';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV' as ClusterId;
const REAL = { template: 'aa'.repeat(32) as Digest, rehearsal: false };
const LOOPBACK = '127.0.0.1';

const allowed = (): Promise<void> => Promise.resolve();

let keys: MirrorSandbox;
let sandbox: MirrorSandbox;
let mirror: Mirror;

beforeAll(async () => {
  keys = await MirrorSandbox.make();
});
afterAll(async () => {
  await keys.dispose();
});
beforeEach(async () => {
  sandbox = await MirrorSandbox.make(keys);
  mirror = sandbox.open();
});
afterEach(async () => {
  await sandbox.dispose();
});

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await holds()) return;
    await pause(25);
  }
  throw new Error(`not within 10 s: ${what}`);
}

async function isGone(pid: number): Promise<boolean> {
  return (await identifyProcess(pid)) === undefined;
}

async function buildAndShow(repo: string): Promise<readonly RepoLock[]> {
  const locks = await mirror.ensureRepo(repo, REAL, allowed, () => undefined);
  await mirror.publish(ID, locks, allowed);
  return locks;
}

async function authority(of: Mirror = mirror): Promise<string> {
  return (await of.ensureTrust(allowed)).caCertificate;
}

describe('the helper process', () => {
  it('comes back at the same address after a SIGKILL', async () => {
    const before = await mirror.ensureServing(LOOPBACK, allowed);
    process.kill(before.pid, 'SIGKILL');
    await until('the helper is gone', () => isGone(before.pid));

    expect(await mirror.status()).toBeNull();
    const after = await mirror.ensureServing(LOOPBACK, allowed);

    expect(after.url).toBe(before.url);
    expect(after.pid).not.toBe(before.pid);
  });

  it('is one, however many ask for it at once', async () => {
    const endpoints = await Promise.all([1, 2, 3, 4].map(() => sandbox.open().ensureServing(LOOPBACK, allowed)));

    expect(new Set(endpoints.map((endpoint) => endpoint.pid)).size).toBe(1);
  });

  it('makes way for one of another version', async () => {
    const old = await mirror.ensureServing(LOOPBACK, allowed);

    const next = await sandbox.open({ version: '0.0.1-test' }).ensureServing(LOOPBACK, allowed);

    expect(next).toEqual({ url: old.url, pid: next.pid });
    expect(await isGone(old.pid)).toBe(true);
  });

  it('makes way for one at another address, with a certificate for it', async () => {
    const old = await mirror.ensureServing(LOOPBACK, allowed);

    const next = await mirror.ensureServing('127.0.0.2', allowed);

    expect(next.url).toMatch(/^https:\/\/127\.0\.0\.2:/);
    expect(await isGone(old.pid)).toBe(true);
    expect((await ask(next.url, '/health', { ca: await authority() })).status).toBe(200);
  });

  it('takes the next port where its own is taken, and keeps to it', async () => {
    const [own = 0, next = 0] = portCandidates(sandbox.homeKey, undefined);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(own, LOOPBACK, resolve));
    try {
      const first = await mirror.ensureServing(LOOPBACK, allowed);
      await mirror.stop();
      await new Promise((resolve) => other.close(resolve));

      const second = await mirror.ensureServing(LOOPBACK, allowed);

      expect(first.url).toBe(`https://127.0.0.1:${next}`);
      expect(second.url).toBe(first.url);
    } finally {
      other.close();
    }
  });

  it('listens on the given address alone', async () => {
    const { url } = await mirror.ensureServing(LOOPBACK, allowed);

    const elsewhere = ask(url.replace('127.0.0.1', '127.0.0.3'), '/health', { ca: await authority() });

    await expect(elsewhere).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('says why when the host does not have the address', async () => {
    await expect(mirror.ensureServing('192.0.2.1', allowed)).rejects.toMatchObject({
      code: 'REPO_FAILED',
      message: expect.stringMatching(/cannot listen on 192\.0\.2\.1:\d+: .*EADDRNOTAVAIL/) as string,
    });
  });

  it('ends by itself when its home is gone', async () => {
    const { pid } = await mirror.ensureServing(LOOPBACK, allowed);

    await rm(sandbox.home, { recursive: true });

    await until('the helper is gone', () => isGone(pid));
  });

  it('does not serve when it is started without the lock of its home', async () => {
    await mirror.ensureTrust(allowed);
    const program = await bundleProgram('mirror-helper-program.ts', sandbox.folder);
    const flags = ['--folder', sandbox.home, '--bind', LOOPBACK, '--version-name', 'x', '--home-key', sandbox.homeKey];

    const outcome = await new Promise<{ error: ExecFileException | null; stderr: string }>((resolve) => {
      execFile(process.execPath, [program, ...flags], (error, _stdout, stderr) => {
        resolve({ error, stderr });
      });
    });

    expect(outcome.error?.code).toBe(1);
    expect(outcome.stderr).toContain('is served under its lock, and nobody holds it.');
  });

  it('is not mistaken for a process that got its pid', async () => {
    const { pid } = await mirror.ensureServing(LOOPBACK, allowed);
    await mirror.stop();
    const recordPath = join(sandbox.home, 'helper', 'record.json');
    const record = JSON.parse(await readFile(recordPath, 'utf8')) as { pid: number; startTime: string };

    await writeFile(recordPath, JSON.stringify({ ...record, pid: process.pid }));
    await mirror.stop();

    expect(record.pid).toBe(pid);
    expect(await mirror.status()).toBeNull();
  });

  it('lives beside the helper of another home, each with trust of its own', async () => {
    const other = await MirrorSandbox.make();
    try {
      const theirs = other.open();
      const [ours, second] = [
        await mirror.ensureServing(LOOPBACK, allowed),
        await theirs.ensureServing(LOOPBACK, allowed),
      ];

      expect(second.url).not.toBe(ours.url);
      expect((await ask(second.url, '/health', { ca: await authority(theirs) })).status).toBe(200);
      await expect(ask(second.url, '/health', { ca: await authority() })).rejects.toThrow(/certificate/);
    } finally {
      await other.dispose();
    }
  });

  it('shows an old or a new snapshot while it is switched, never anything else', async () => {
    const before = await buildAndShow('library');
    await sandbox.write('repos/library/build.yaml', packageFile('library', []).replace('"1.0"', '"2.0"'));
    const after = await mirror.ensureRepo('library', REAL, allowed, () => undefined);
    const { url } = await mirror.ensureServing(LOOPBACK, allowed);
    const ca = await authority();
    let isSwitching = true;
    const answers = new Set<string>();
    const read = async (): Promise<void> => {
      while (isSwitching) {
        const answer = await ask(url, `/c/${ID}/library/repodata/repomd.xml`, { ca });
        answers.add(`${answer.status} ${answer.body.toString('base64')}`);
      }
    };
    const readers = [read(), read(), read()];

    for (let count = 0; count < 60; count += 1) await mirror.publish(ID, count % 2 === 0 ? after : before, allowed);
    isSwitching = false;
    await Promise.all(readers);

    const wanted = [before, after].map(([lock]) =>
      join(sandbox.home, 'snapshots', lock?.snapshot ?? '', 'repodata/repomd.xml'),
    );
    const bodies = await Promise.all(wanted.map((path) => readFile(path, 'base64')));
    expect([...answers].sort()).toEqual(bodies.map((body) => `200 ${body}`).sort());
  });

  it('answers ranges of a package as asked', async () => {
    const [lock] = await buildAndShow('library');
    const { url } = await mirror.ensureServing(LOOPBACK, allowed);
    const ca = await authority();
    const path = `/c/${ID}/library/Packages/${lock?.packages[0]?.nevra ?? ''}.rpm`;
    const whole = (await ask(url, path, { ca })).body;

    const first = await ask(url, path, { ca, headers: { Range: 'bytes=0-9' } });
    const last = await ask(url, path, { ca, headers: { Range: 'bytes=-5' } });
    const rest = await ask(url, path, { ca, headers: { Range: 'bytes=100-' } });
    const beyond = await ask(url, path, { ca, headers: { Range: `bytes=${whole.length}-` } });

    expect([first.status, first.body]).toEqual([206, whole.subarray(0, 10)]);
    expect([last.status, last.body]).toEqual([206, whole.subarray(-5)]);
    expect([rest.status, rest.body]).toEqual([206, whole.subarray(100)]);
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${whole.length}`]);
  });

  it('writes down what was asked for, without headers and queries', async () => {
    await buildAndShow('library');
    const { url } = await mirror.ensureServing(LOOPBACK, allowed);
    const headers = { Authorization: 'Bearer sentinel-header', Cookie: 'sentinel-cookie' };
    await ask(url, `/c/${ID}/library/repodata/repomd.xml?token=sentinel-query`, { ca: await authority(), headers });
    await mirror.stop();

    const log = await readFile(join(sandbox.home, 'helper', 'access.log'), 'utf8');

    expect(log).toMatch(/ 127\.0\.0\.1 GET \/c\/01ARZ3NDEKTSV4RRFFQ69G5FAV\/library\/repodata\/repomd\.xml 200 /);
    expect(log).not.toContain('sentinel');
  });
});
