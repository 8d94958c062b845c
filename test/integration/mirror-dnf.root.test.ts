import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Mirror, MirrorTrust, RepoLock } from '../../src/engine/ports/mirror.js';
import type { TemplateShell } from '../../src/engine/ports/provider.js';
import type { Digest } from '../../src/errors/ids.js';
import { createLocalProvider } from '../../src/providers/local/create-local-provider.js';
import { signFile, withKeyring, type Keyring } from '../../src/repo/trust/gpg-keyring.js';
import { MirrorSandbox, packageFile } from '../contract/mirror-sandbox.js';

const run = promisify(execFile);
const allowed = (): Promise<void> => Promise.resolve();

/** Installs `tool` from two file repos as a node does from the mirror, then says what is there. */
const INSTALL = `
for repo in library tool; do
    printf '[%s]\\nname=%s\\nbaseurl=file://%s/%s\\ngpgcheck=1\\nrepo_gpgcheck=1\\ngpgkey=file://%s/key.asc\\n' \\
        "$repo" "$repo" "$1" "$repo" "$1" > "/etc/yum.repos.d/$repo.repo"
done
dnf -y install tool
code=$?
rpm -q tool
exit "$code"
`;

let folder: string;
let sandbox: MirrorSandbox;
let shell: TemplateShell;
let template: Digest;
let mirror: Mirror;
let trust: MirrorTrust;
let locks: readonly RepoLock[];
/** A copy of both snapshots and the key, to tamper with. */
let copy: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-dnf-'));
  sandbox = await MirrorSandbox.make();
  const local = createLocalProvider({ homeKey: sandbox.homeKey, dataRoot: join(folder, 'local') });
  if (local.templateShell === undefined) throw new Error('the local provider has no template shell');
  shell = local.templateShell;
  const recipe = { name: 'debian-12', formatVersion: 1 } as const;
  template = (await local.provider.ensureTemplate(recipe, allowed, () => undefined)).digest;
  mirror = sandbox.open({ templateShell: shell });
  trust = await mirror.ensureTrust(allowed);
  locks = await build('tool');
});
afterAll(async () => {
  await sandbox.dispose();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  copy = await mkdtemp(join(folder, 'copy-'));
  for (const lock of locks) {
    await cp(join(sandbox.home, 'snapshots', lock.snapshot), join(copy, lock.repo), { recursive: true });
  }
  await writeFile(join(copy, 'key.asc'), trust.gpgKey);
  await chmod(copy, 0o755);
});

function build(repo: string): Promise<readonly RepoLock[]> {
  return mirror.ensureRepo(repo, { template, rehearsal: false }, allowed, () => undefined);
}

/** What dnf says, and whether the package is there afterwards. */
async function install(): Promise<{ readonly exitCode: number; readonly output: string; readonly isThere: boolean }> {
  const outcome = await shell.runInTemplate(template, ['sh', '-c', INSTALL, 'install', copy], { binds: [copy] });
  const isThere = /^tool-1\.0-1\.noarch$/m.test(outcome.stdout);
  return { exitCode: outcome.exitCode, output: outcome.stdout + outcome.stderr, isThere };
}

function keyring(name: 'mirror' | 'rehearsal'): Keyring {
  const fingerprint = name === 'mirror' ? trust.gpgFingerprint : trust.rehearsalGpgFingerprint;
  return { folder: join(sandbox.home, 'gpg', name), fingerprint, publicKey: '' };
}

async function toolRpm(): Promise<string> {
  const [file = ''] = await readdir(join(copy, 'tool', 'Packages'));
  return join(copy, 'tool', 'Packages', file);
}

async function flipByte(path: string, fromEnd: number): Promise<void> {
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - fromEnd) ^ 0xff, bytes.length - fromEnd);
  await writeFile(path, bytes);
}

/** Metadata anew, as the owner of the key would make it. */
async function renewMetadata(by: Keyring): Promise<void> {
  await rm(join(copy, 'tool', 'repodata'), { recursive: true });
  await run('createrepo_c', ['--quiet', '--no-database', join(copy, 'tool')]);
  await signFile(by, join(copy, 'tool', 'repodata', 'repomd.xml'));
}

describe('dnf in the template', () => {
  it('installs a package with what it needs from the signed repos', async () => {
    const outcome = await install();

    expect(outcome.output).toContain('Complete!');
    expect(outcome).toMatchObject({ exitCode: 0, isThere: true });
  });

  it('is told the repos that a package and what it needs are in', () => {
    expect(locks.map(({ repo, sources }) => [repo, sources])).toEqual([
      ['library', ['library']],
      ['tool', ['library', 'tool']],
    ]);
  });

  it('refuses metadata that were changed', async () => {
    const path = join(copy, 'tool', 'repodata', 'repomd.xml');
    await writeFile(path, (await readFile(path, 'utf8')).replace('</repomd>', '<!-- -->\n</repomd>'));

    const outcome = await install();

    expect(outcome).toMatchObject({ exitCode: 1, isThere: false });
    expect(outcome.output).toMatch(/repomd\.xml GPG signature verification error/);
  });

  it('refuses metadata without a signature', async () => {
    await rm(join(copy, 'tool', 'repodata', 'repomd.xml.asc'));

    expect(await install()).toMatchObject({ exitCode: 1, isThere: false });
  });

  it('refuses metadata signed by another key', async () => {
    await renewMetadata(keyring('rehearsal'));

    const outcome = await install();

    expect(outcome).toMatchObject({ exitCode: 1, isThere: false });
    expect(outcome.output).toMatch(/GPG signature verification error/);
  });

  it('refuses a package that was changed after its metadata', async () => {
    await flipByte(await toolRpm(), 10);

    expect(await install()).toMatchObject({ exitCode: 1, isThere: false });
  });

  it('refuses a package that was changed before its metadata', async () => {
    await flipByte(await toolRpm(), 10);
    await renewMetadata(keyring('mirror'));

    expect(await install()).toMatchObject({ exitCode: 1, isThere: false });
  });

  it('refuses a package without a signature', async () => {
    await run('rpmsign', ['--delsign', await toolRpm()]);
    await renewMetadata(keyring('mirror'));

    const outcome = await install();

    expect(outcome).toMatchObject({ exitCode: 1, isThere: false });
    expect(outcome.output).toMatch(/is not signed/);
  });

  it('refuses a package signed by another key', async () => {
    const rpm = await toolRpm();
    const defines = ['--define', `_gpg_name ${trust.rehearsalGpgFingerprint}`, '--define', '__gpg /usr/bin/gpg'];
    await withKeyring(keyring('rehearsal').folder, (env) =>
      run('rpmsign', [...defines, '--addsign', rpm], { env: { ...process.env, ...env } }),
    );
    await renewMetadata(keyring('mirror'));

    const outcome = await install();

    expect(outcome).toMatchObject({ exitCode: 1, isThere: false });
    expect(outcome.output).toMatch(/GPG check FAILED|not correct for this package/);
  });
});

describe('solving in the template', () => {
  it('locks what is needed and leaves the rest of the repo out', async () => {
    await sandbox.write('repos/wide/repo.yaml', 'formatVersion: 1\nsummary: Wide\npackages: [wide]\n');
    await sandbox.write(
      'repos/wide/build.yaml',
      packageFile('wide', ['needed']) +
        ['needed', 'unneeded'].map((name) => packageFile(name, []).split('packages:\n')[1]).join(''),
    );

    const [lock] = await build('wide');

    expect(lock?.packages.map(({ name }) => name)).toEqual(['needed', 'wide']);
  });

  it('takes what the template has as given', async () => {
    await sandbox.write('repos/shelled/repo.yaml', 'formatVersion: 1\nsummary: s\npackages: [shelled]\n');
    await sandbox.write('repos/shelled/build.yaml', packageFile('shelled', ['/bin/sh', 'python3']));

    const [lock] = await build('shelled');

    expect(lock?.packages.map(({ nevra }) => nevra)).toEqual(['shelled-1.0-1.noarch']);
  });

  it("says in the solver's words what is missing", async () => {
    await sandbox.write('repos/broken/repo.yaml', 'formatVersion: 1\nsummary: s\npackages: [broken]\n');
    await sandbox.write('repos/broken/build.yaml', packageFile('broken', ['nonsuch']));

    await expect(build('broken')).rejects.toMatchObject({
      code: 'REPO_FAILED',
      message: expect.stringMatching(
        /repo broken cannot be installed in the template: [^]*nothing provides nonsuch/,
      ) as string,
    });
  });
});
