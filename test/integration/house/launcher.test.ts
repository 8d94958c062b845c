import { readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkLauncher, openLauncherSandbox, type LauncherSandbox } from './launcher-sandbox.js';

let sandbox: LauncherSandbox;

beforeEach(async () => {
  sandbox = await openLauncherSandbox();
});

afterEach(() => sandbox.close());

describe('the first start', () => {
  it('says what it does, does it, and runs the command', async () => {
    const result = await sandbox.run(['cluster', 'list']);

    expect(result.stdout).toBe('ran cluster list\n');
    expect(result.stderr).toContain('bde: installing npm packages into node_modules');
    expect(result.stderr).toContain('bde: building dist/');
    expect(await sandbox.calls()).toEqual(['npm ci --loglevel=error', 'build']);
  });

  it('works through a link and from any folder', async () => {
    const result = await sandbox.run(['spec', 'list'], {}, await linkLauncher(sandbox));

    expect(result).toMatchObject({ exitCode: 0, stdout: 'ran spec list\n' });
  });

  it('installs once when two start side by side', async () => {
    const results = await Promise.all([sandbox.run(['a']), sandbox.run(['b'])]);

    expect(results.map((result) => result.stdout)).toEqual(['ran a\n', 'ran b\n']);
    expect(await sandbox.calls()).toEqual(['npm ci --loglevel=error', 'build']);
  });

  it('begins again after an npm that was cut short', async () => {
    await sandbox.putCommand('npm', 'mkdir -p node_modules/half; kill -9 $$');
    const first = await sandbox.run(['a']);
    await sandbox.putCommand(
      'npm',
      `ln -s "${join(import.meta.dirname, '../../../node_modules')}" node_modules.new && rm -rf node_modules && mv node_modules.new node_modules`,
    );

    const second = await sandbox.run(['a']);

    expect(first.exitCode).toBe(4);
    expect(second).toMatchObject({ exitCode: 0, stdout: 'ran a\n' });
  });

  it('hands the headers beside node to npm', async () => {
    await sandbox.putCommand('npm', 'echo "headers: $npm_config_nodedir" >&2; exit 1');

    const result = await sandbox.run(['a']);

    expect(result.stderr).toMatch(/^headers: \/\S+$/m);
  });

  it('names the package of the headers where native modules cannot compile', async () => {
    await sandbox.putCommand('node', `exec "${process.execPath}" "$@"`);
    await sandbox.putCommand('npm', 'exit 1');

    const result = await sandbox.run(['a']);

    expect(result.exitCode).toBe(4);
    expect(result.stderr).toContain("For Debian's nodejs: apt-get install libnode-dev.");
  });
});

describe('a later start', () => {
  beforeEach(async () => {
    await sandbox.run([]);
    await rm(join(sandbox.root, '../calls'));
    await writeFile(join(sandbox.root, '../calls'), '');
  });

  it('does nothing but run the command', async () => {
    const result = await sandbox.run(['cluster', 'list', '--json']);

    expect(result).toEqual({ exitCode: 0, stdout: 'ran cluster list --json\n', stderr: '' });
    expect(await sandbox.calls()).toEqual([]);
  });

  it('builds again once a source has changed', async () => {
    await utimes(join(sandbox.root, 'src/main.ts'), 1000, 1000);

    await sandbox.run(['a']);

    expect(await sandbox.calls()).toEqual(['build']);
  });

  it('installs again once the lock has changed', async () => {
    const lock = join(sandbox.root, 'package-lock.json');
    await rm(join(sandbox.root, 'node_modules'));
    await writeFile(lock, `${await readFile(lock, 'utf8')}\n`);

    await sandbox.run(['a']);

    expect(await sandbox.calls()).toEqual(['npm ci --loglevel=error', 'build']);
  });

  it('ends with 4 when the build fails', async () => {
    await writeFile(join(sandbox.root, 'scripts/build.mjs'), 'throw new Error("broken source")');

    const result = await sandbox.run(['a']);

    expect(result).toMatchObject({ exitCode: 4, stdout: '' });
    expect(result.stderr).toContain('broken source');
  });
});

describe('packages of the host', () => {
  it('are named, not installed, where installing is forbidden', async () => {
    await writeFile(
      join(sandbox.root, 'scripts/host-packages.txt'),
      '/nowhere/tool some-tool\n/nowhere/other some-tool\n',
    );
    await sandbox.putCommand('apt-get', 'echo "apt-get $*" >>"$SANDBOX/calls"');

    const result = await sandbox.run(['a'], { BDE_NO_INSTALL: '1' });

    expect(result.stderr).toContain('As root: apt-get install --no-install-recommends some-tool');
    expect(result.stdout).toBe('ran a\n');
    expect(await sandbox.calls()).not.toContainEqual(expect.stringContaining('apt-get'));
  });
});

describe('--version', () => {
  it('is answered before anything is installed', async () => {
    const result = await sandbox.run(['--version']);

    expect(result.stdout).toBe(`bde/0.1.0 ${process.platform}-${process.arch} node-${process.version}\n`);
    expect(await sandbox.calls()).toEqual([]);
  });
});

describe('the Node it runs on', () => {
  it('is refused with a clear sentence when it is too old', async () => {
    const pretend = join(sandbox.root, 'pretend.cjs');
    await writeFile(pretend, "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });");

    const result = await sandbox.run(['a'], { NODE_OPTIONS: `--require=${JSON.stringify(pretend)}` });

    expect(result.exitCode).toBe(4);
    expect(result.stderr).toContain('bde: this is Node 18.20.4; bde needs Node 20.19 or newer.');
  });

  it('is asked for where there is none', async () => {
    await symlink('/bin/sh', join(sandbox.root, 'sh'));
    await symlink('/bin/readlink', join(sandbox.root, 'readlink'));

    const result = await sandbox.run(['a'], { PATH: sandbox.root });

    expect(result.exitCode).toBe(4);
    expect(result.stderr).toContain('bde: Node.js is not on the PATH');
  });
});
