import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Mirror, RepoLock } from '../../src/engine/ports/mirror.js';
import type { Digest } from '../../src/errors/ids.js';
import { MirrorSandbox } from '../contract/mirror-sandbox.js';
import { AptSource } from './mirror-apt-source.js';

const run = promisify(execFile);

const REAL = { template: 'aa'.repeat(32) as Digest, rehearsal: false };
const allowed = (): Promise<void> => Promise.resolve();

let keys: MirrorSandbox;
let sandbox: MirrorSandbox;
let mirror: Mirror;
let source: AptSource;
let configBefore: string | undefined;

beforeAll(async () => {
  keys = await MirrorSandbox.make();
  configBefore = process.env['APT_CONFIG'];
});
afterAll(async () => {
  if (configBefore === undefined) delete process.env['APT_CONFIG'];
  else process.env['APT_CONFIG'] = configBefore;
  await keys.dispose();
});
beforeEach(async () => {
  sandbox = await MirrorSandbox.make(keys);
  mirror = sandbox.open();
  source = await AptSource.make(sandbox.folder);
  process.env['APT_CONFIG'] = source.config;
});
afterEach(async () => {
  await sandbox.dispose();
});

/** Makes the repo `library` of what is picked from the Debian package `libdemo`. */
async function pick(picks: readonly string[], ...lines: readonly string[]): Promise<void> {
  const text = [
    'formatVersion: 1',
    'packages:',
    '  - name: library',
    '    summary: A library',
    '    license: Apache-2.0',
    '    version: { of: libdemo }',
    '    debian:',
    '      - package: libdemo',
    `        pick: ${JSON.stringify(picks)}`,
    ...lines.map((line) => `    ${line}`),
    '',
  ];
  await sandbox.write('repos/library/build.yaml', text.join('\n'));
}

async function build(given: { readonly refresh?: boolean } = {}): Promise<RepoLock> {
  const [lock] = await mirror.ensureRepo('library', { ...REAL, ...given }, allowed, () => undefined);
  if (lock === undefined) throw new Error('no lock');
  return lock;
}

/** `rpm -qp` of the one package of a snapshot. */
async function query(lock: RepoLock, ...flags: readonly string[]): Promise<string> {
  const folder = join(sandbox.home, 'snapshots', lock.snapshot, 'Packages');
  const [file = ''] = await readdir(folder);
  return (await run('rpm', ['-qp', '--nosignature', ...flags, join(folder, file)])).stdout;
}

describe('packages from Debian', () => {
  it('become RPMs of what was picked, with their version', async () => {
    await source.add('libdemo', '1:2.0-3+deb12u1', {
      'usr/share/java/demo-2.0.jar': 'jar',
      'usr/share/java/demo.jar': { to: 'demo-2.0.jar' },
      'usr/share/doc/libdemo/copyright': 'text',
    });
    await pick(['usr/share/java/demo*.jar']);

    const lock = await build();

    expect(lock.packages.map(({ nevra }) => nevra)).toEqual(['library-1:2.0-3+deb12u1.1.noarch']);
    expect(await query(lock, '-l')).toBe('/usr/share/java/demo-2.0.jar\n/usr/share/java/demo.jar\n');
  });

  it('have their settings kept when an operator changed them', async () => {
    await source.add('libdemo', '1.0-1', { 'etc/demo/a.conf': 'a', 'usr/lib/demo/b.conf': 'b' });
    await pick(['etc', 'usr']);

    expect(await query(await build(), '-c')).toBe('/etc/demo/a.conf\n');
  });

  it('land below /usr where they were packed for the old places', async () => {
    await source.add('libdemo', '1.0-1', { 'lib/systemd/system/demo.service': 'u', 'sbin/demo': 'd' });
    await pick(['usr/lib/systemd', 'usr/sbin/demo']);

    expect(await query(await build(), '-l')).toBe('/usr/lib/systemd/system/demo.service\n/usr/sbin/demo\n');
  });

  it('give way to files that the definition writes', async () => {
    await source.add('libdemo', '1.0-1', { 'etc/demo.conf': 'theirs' });
    await pick(['etc'], 'files: [{ path: /etc/demo.conf, content: "ours", mode: "0600" }]');

    const lock = await build();

    expect(await query(lock, '--qf', '[%{FILENAMES} %{FILESIZES} %{FILEMODES:perms}\n]')).toBe(
      '/etc/demo.conf 4 -rw-------\n',
    );
  });

  it('bring no file that RPM lists could not hold', async () => {
    await source.add('libdemo', '1.0-1', { 'usr/share/demo/a b': 'x' });
    await pick(['usr']);

    await expect(build()).rejects.toThrow('"/usr/share/demo/a b" cannot go into an RPM');
  });

  it('are looked up again when asked to, and not before', async () => {
    await source.add('libdemo', '1.0-1', { 'usr/a': '1' });
    await pick(['usr']);
    const first = await build();
    await source.clear();
    await source.add('libdemo', '1.0-2', { 'usr/a': '2' });

    const second = await build();
    const third = await build({ refresh: true });

    expect(second).toEqual(first);
    expect(third.packages[0]?.nevra).toBe('library-1.0-2.1.noarch');
  });

  it('keep their lock when a refresh brings nothing new', async () => {
    await source.add('libdemo', '1.0-1', { 'usr/a': '1' });
    await pick(['usr']);
    const first = await build();

    expect(await build({ refresh: true })).toEqual(first);
  });

  it('are looked up again when the listed version is gone from its source', async () => {
    await source.add('libdemo', '1.0-1', { 'usr/a': '1' });
    await pick(['usr']);
    await build();
    await source.clear();
    await source.add('libdemo', '1.0-2', { 'usr/a': '2' });
    await run('find', [sandbox.cacheFolder, '-name', '*.deb', '-delete']);

    await pick(['usr'], 'revision: 2');

    expect((await build()).packages[0]?.nevra).toBe('library-1.0-2.2.noarch');
  });

  it('are refused when they are not what the source listed', async () => {
    await source.add('libdemo', '1.0-1', { 'usr/a': '1' });
    await source.tamper();
    await pick(['usr']);

    await expect(build()).rejects.toMatchObject({
      code: 'REPO_FAILED',
      message: expect.stringContaining('Debian packages could not be fetched (libdemo)') as string,
    });
  });

  it('are named when they lack what is picked', async () => {
    await source.add('libdemo', '1.0-1', { 'usr/a': '1' });
    await pick(['usr/share/nonsuch']);

    await expect(build()).rejects.toMatchObject({
      code: 'REPO_FAILED',
      message: expect.stringContaining('libdemo has nothing at usr/share/nonsuch') as string,
      subject: { file: join(sandbox.projectRoot, 'repos/library/build.yaml') },
    });
  });

  it('are named when no source has them', async () => {
    await pick(['usr']);

    await expect(build()).rejects.toThrow("The host's apt sources have no package libdemo");
  });

  it("leave the lists of the host's apt as they were", async () => {
    await source.add('libdemo', '1.0-1', { 'usr/a': '1' });
    await pick(['usr']);
    const before = (await stat('/var/lib/apt/lists')).mtimeMs;

    await build();

    expect((await stat('/var/lib/apt/lists')).mtimeMs).toBe(before);
  });
});
