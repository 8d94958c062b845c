import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Mirror, RepoLock } from '../../src/engine/ports/mirror.js';
import type { BdeError } from '../../src/errors/bde-error.js';
import type { Digest } from '../../src/errors/ids.js';
import { readRpm } from '../../src/repo/packages/read-rpm.js';
import { bundleProgram, MirrorSandbox, packageFile } from '../contract/mirror-sandbox.js';

const run = promisify(execFile);

const REAL = { template: 'aa'.repeat(32) as Digest, rehearsal: false };
const REHEARSAL = { ...REAL, rehearsal: true };

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

/** Lays a repo `own`, whose package is rehearsed by a cookbook, outside of the project; how a mirror is opened on it. */
async function layOwnFolders(from: string) {
  const folder = join(sandbox.folder, 'operator');
  const own = { repos: [join(folder, 'repos')], cookbooks: [join(folder, 'cookbooks')] };
  const files = {
    'repos/own/repo.yaml':
      'formatVersion: 1\nsummary: Of an operator\npackages: [own, lacking]\nrequires: [library]\nrehearsal: [own]\n',
    'repos/own/build.yaml': packageFile('own', ['library']).replace('content: "own\\n"', `from: ${from}`),
    'repos/own/text': 'written by the operator\n',
    'cookbooks/own/rehearsal/build.yaml': packageFile('lacking', []),
    secret: 'of nobody else',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return sandbox.open({ own });
}

interface Built {
  readonly locks: readonly RepoLock[];
  readonly lines: readonly string[];
}

async function build(repo: string, options: Parameters<Mirror['ensureRepo']>[1] = REAL, by = mirror): Promise<Built> {
  const lines: string[] = [];
  const locks = await by.ensureRepo(repo, options, allowed, (line) => lines.push(line));
  return { locks, lines };
}

function packagesFolder(lock: RepoLock | undefined): string {
  return join(sandbox.home, 'snapshots', lock?.snapshot ?? '', 'Packages');
}

/** The only package of a lock's snapshot. */
async function packageOf(lock: RepoLock | undefined): Promise<string> {
  const [file = ''] = await readdir(packagesFolder(lock));
  return join(packagesFolder(lock), file);
}

/** Builds a package named vendor-tool elsewhere, as a vendor would; the path of its RPM. */
async function vendorRpm(version = '5.0', keysOf?: MirrorSandbox): Promise<string> {
  const vendor = await MirrorSandbox.make(keysOf);
  try {
    await vendor.write('repos/library/build.yaml', packageFile('vendor-tool', []).replace('"1.0"', `"${version}"`));
    await vendor.write('repos/library/repo.yaml', 'formatVersion: 1\nsummary: v\npackages: [vendor-tool]\n');
    const [lock] = (await build('library', REAL, vendor.open())).locks;
    const folder = join(vendor.home, 'snapshots', lock?.snapshot ?? '', 'Packages');
    const [file = ''] = await readdir(folder);
    await copyFile(join(folder, file), join(sandbox.folder, file));
    return join(sandbox.folder, file);
  } finally {
    await vendor.dispose();
  }
}

/** Puts a file where operators put RPMs of the repo vendor. */
async function bring(path: string, content: Buffer | string): Promise<string> {
  const folder = join(sandbox.home, 'incoming', 'vendor');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, path), content);
  return join(folder, path);
}

async function failure(work: Promise<unknown>): Promise<BdeError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason as BdeError,
  );
  if (error === undefined) throw new Error('it did not fail');
  return error;
}

describe('building a repo', () => {
  it('gives the same bytes in two homes with caches of their own', async () => {
    const other = await MirrorSandbox.make(keys);
    try {
      const [here, there] = [await build('tool'), await build('tool', REAL, other.open())];

      expect(there.locks).toEqual(here.locks);
    } finally {
      await other.dispose();
    }
  });

  it('takes from the cache what another home built', async () => {
    const first = await build('library');

    const second = await build('library', REAL, sandbox.open({ home: join(sandbox.folder, 'second') }));

    expect(first.lines).toContain('library: building');
    expect(second.lines).not.toContain('library: building');
    expect(second.locks).toEqual(first.locks);
  });

  it('lays files with the owners and modes that were asked for', async () => {
    await sandbox.write('repos/library/files/run.sh', '#!/bin/sh\n');
    const text = [
      '    user: { name: lib, home: /var/lib/lib }',
      '    files:',
      '      - { path: /etc/lib.conf, content: "a=1\\n", mode: "0640", group: lib, config: true }',
      '      - { path: /usr/bin/lib-run, from: files/run.sh, mode: "0755" }',
      '    folders: [{ path: /var/lib/lib, owner: lib, group: lib, mode: "0700" }]',
      '    links: [{ path: /usr/bin/lib, to: lib-run }]',
    ];
    const [head = ''] = packageFile('library', []).split('    files:');
    await sandbox.write('repos/library/build.yaml', head + text.join('\n'));
    const rpm = await packageOf((await build('library')).locks[0]);

    const { stdout } = await run('rpm', [
      '-qp',
      '--nosignature',
      '--qf',
      '[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME}\n]',
      rpm,
    ]);

    expect(stdout).toBe(
      [
        '/etc/lib.conf -rw-r----- root lib',
        '/usr/bin/lib lrwxrwxrwx root root',
        '/usr/bin/lib-run -rwxr-xr-x root root',
        '/var/lib/lib drwx------ lib lib',
        '',
      ].join('\n'),
    );
  });

  it('signs packages and metadata with the key of the home', async () => {
    const [lock] = (await build('library')).locks;
    const trust = await mirror.ensureTrust(allowed);
    const keyFile = join(sandbox.folder, 'key.asc');
    await writeFile(keyFile, trust.gpgKey);
    const database = join(sandbox.folder, 'rpmdb');
    await run('rpmkeys', ['--dbpath', database, '--import', keyFile]);

    const { stdout } = await run('rpmkeys', ['--dbpath', database, '--checksig', await packageOf(lock)]);

    expect(stdout).toMatch(/digests signatures OK/);
    const signature = await readFile(join(packagesFolder(lock), '../repodata/repomd.xml.asc'), 'utf8');
    expect(signature).toContain('BEGIN PGP SIGNATURE');
  });

  it('builds anew when a source file changes', async () => {
    await sandbox.write('repos/library/data', 'one');
    const text = packageFile('library', []) + '      - { path: /usr/share/library/data, from: data }\n';
    await sandbox.write('repos/library/build.yaml', text);
    const first = await build('library');

    await sandbox.write('repos/library/data', 'two');
    const second = await build('library');

    expect(second.lines).toContain('library: building');
    expect(second.locks[0]?.snapshot).not.toBe(first.locks[0]?.snapshot);
  });

  it('keeps the old snapshot beside the new one', async () => {
    const first = await build('library');
    await sandbox.write('repos/library/build.yaml', packageFile('library', []).replace('"1.0"', '"2.0"'));

    await build('library');

    expect(await readdir(packagesFolder(first.locks[0]))).toEqual(['library-1.0-1.noarch.rpm']);
  });

  it('builds a snapshot anew that somebody removed', async () => {
    const first = await build('library');
    await rm(join(sandbox.home, 'snapshots'), { recursive: true });

    const second = await build('library');

    expect(second.locks).toEqual(first.locks);
    expect(await readdir(packagesFolder(second.locks[0]))).toEqual(['library-1.0-1.noarch.rpm']);
  });

  it('leaves nothing half made when it is killed, and goes on from there', async () => {
    const expected = await build('tool', REAL, sandbox.open({ home: join(sandbox.folder, 'unkilled') }));
    const program = await bundleProgram('mirror-builder-program.ts', sandbox.folder);
    const moments = [
      'library: building',
      'library: signing 1 packages',
      'tool: signing 1 packages',
      'library: solving',
    ];
    for (const [index, moment] of moments.entries()) {
      const home = join(sandbox.folder, `killed-${index}`);
      const cache = join(sandbox.folder, `cache-${index}`);
      await buildAndKill(program, { home, cache, moment });

      const after = await build('tool', REAL, sandbox.open({ home, cacheFolder: cache }));

      expect(after.locks).toEqual(expected.locks);
      expect(await readdir(join(home, 'drafts')).catch(() => [])).toEqual([]);
    }
  });

  /** Runs a builder until it prints a line, then kills it with SIGKILL. */
  async function buildAndKill(
    program: string,
    given: { readonly home: string; readonly cache: string; readonly moment: string },
  ): Promise<void> {
    const { home, cache, moment } = given;
    const flags = ['--home', home, '--cache', cache, '--project', sandbox.projectRoot, '--repo', 'tool'];
    const child = spawn(process.execPath, [program, ...flags, '--home-key', sandbox.homeKey]);
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith(moment)) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
  }
});

describe('packages that operators bring', () => {
  it('are taken, signed anew, with their content unchanged', async () => {
    const rpm = await vendorRpm();
    await bring('whatever-name.rpm', await readFile(rpm));

    const [lock] = (await build('vendor')).locks;

    expect(lock?.packages.map(({ nevra }) => nevra)).toEqual(['vendor-tool-5.0-1.noarch']);
    expect(lock?.packages[0]?.digest).toBe((await readRpm(rpm)).digest);
    expect(await readFile(await packageOf(lock))).not.toEqual(await readFile(rpm));
  });

  it('are taken from the folder of the repo in the project, too', async () => {
    await sandbox.write('repos/vendor/packages/a.rpm', await readFile(await vendorRpm('5.0', keys)));

    expect((await build('vendor')).locks.map(({ repo }) => repo)).toEqual(['vendor']);
    expect((await mirror.list()).find(({ name }) => name === 'vendor')?.missing).toEqual([]);
  });

  it('win over a rehearsal of the same name', async () => {
    await bring('a.rpm', await readFile(await vendorRpm('5.0', keys)));

    const { locks } = await build('vendor', REHEARSAL);

    expect(locks.map(({ repo, rehearsal }) => [repo, rehearsal])).toEqual([['vendor', false]]);
  });

  it('are looked at again when one is added', async () => {
    await bring('a.rpm', await readFile(await vendorRpm('5.0', keys)));
    await build('vendor');

    await bring('b.rpm', await readFile(await vendorRpm('5.1', keys)));
    const [lock] = (await build('vendor')).locks;

    expect(await readdir(packagesFolder(lock))).toEqual([
      'vendor-tool-5.0-1.noarch.rpm',
      'vendor-tool-5.1-1.noarch.rpm',
    ]);
  });

  it('are refused by name when one was damaged on its way', async () => {
    const bytes = await readFile(await vendorRpm('5.0', keys));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 0xff, bytes.length - 20);
    const path = await bring('damaged.rpm', bytes);

    const error = await failure(build('vendor'));

    expect(error).toMatchObject({ code: 'REPO_FAILED', subject: { file: path } });
    expect(error.message).toBe(`${path} cannot be taken into the repo: its content is not what its header says.`);
  });

  it('are refused by name when one is no RPM at all', async () => {
    const path = await bring('page.rpm', '<html>404</html>'.repeat(20));

    expect((await failure(build('vendor'))).message).toContain(`${path} is no readable RPM`);
  });

  it('are held against SHA256SUMS where it is there', async () => {
    const bytes = await readFile(await vendorRpm('5.0', keys));
    const path = await bring('a.rpm', bytes);
    const sum = createHash('sha256').update(bytes).digest('hex');

    await bring('SHA256SUMS', `${'0'.repeat(64)}  a.rpm\n`);
    const wrong = await failure(build('vendor'));
    await bring('SHA256SUMS', `${sum}  b.rpm\n`);
    const absent = await failure(build('vendor'));
    await bring('SHA256SUMS', `${sum} *a.rpm\n`);
    const right = await build('vendor');

    expect(wrong.message).toContain(`${path} cannot be taken into the repo: its sha256 is ${sum}`);
    expect(absent.message).toContain('SHA256SUMS beside it does not name it');
    expect(right.locks).toHaveLength(1);
  });
});

describe('a repo that lies outside of the project', () => {
  it('is built with what it requires of the shipped ones, and rehearsed by a cookbook beside it', async () => {
    const own = await layOwnFolders('text');

    const { locks } = await build('own', REHEARSAL, own);

    expect(locks.map(({ repo }) => repo)).toEqual(['library', 'own', 'own-rehearsal']);
    const [file] = await readdir(packagesFolder(locks[1]));
    const laid = await run('rpm', ['-qp', '--dump', join(packagesFolder(locks[1]), file ?? '')]);
    expect(laid.stdout).toContain('/usr/share/own/text 24 ');
    expect((await own.list()).map(({ name }) => name)).toEqual(['library', 'own', 'own-rehearsal', 'tool', 'vendor']);
  });

  it('takes nothing from outside of its folder of repos', async () => {
    const own = await layOwnFolders('../../secret');

    const error = await failure(build('own', REHEARSAL, own));

    expect(error.message).toMatch(/operator\/repos\/own\/build\.yaml takes \.\.\/\.\.\/secret, which leads out of /);
  });
});
