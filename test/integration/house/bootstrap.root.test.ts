import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLauncherSandbox, type LauncherSandbox } from './launcher-sandbox.js';

const POLICY = '/usr/sbin/policy-rc.d';

let sandbox: LauncherSandbox;

beforeEach(async () => {
  sandbox = await openLauncherSandbox();
  await writeFile(
    join(sandbox.root, 'scripts/host-packages.txt'),
    `${join(sandbox.root, '../tool')} some-tool\n/bin/sh dash\n`,
  );
});

afterEach(() => sandbox.close());

/** Writes its calls down, and whether services may start meanwhile; `install` brings the tool. */
function aptGet(root: string): string {
  return `echo "apt-get $*" >>"$SANDBOX/calls"
case "$*" in *install*) [ -e ${POLICY} ] && echo 'no service may start' >>"$SANDBOX/calls"; touch "${join(root, '../tool')}" ;; esac`;
}

describe('bootstrap as root', () => {
  it('installs what is missing, once, with all services kept off', async () => {
    const policyWasThere = existsSync(POLICY);
    await sandbox.putCommand('apt-get', aptGet(sandbox.root));

    const first = await sandbox.run(['a']);
    await sandbox.run(['a']);

    expect(first.stderr).toContain('bde: installing packages on this host: some-tool');
    expect(await sandbox.calls()).toEqual([
      'apt-get -q update',
      'apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends some-tool',
      'no service may start',
      'npm ci --loglevel=error',
      'build',
    ]);
    expect(existsSync(POLICY)).toBe(policyWasThere);
  });

  it('ends with 4 and the command to type where apt-get fails', async () => {
    const policyWasThere = existsSync(POLICY);
    await sandbox.putCommand('apt-get', 'exit 100');

    const result = await sandbox.run(['a']);

    expect(result.exitCode).toBe(4);
    expect(result.stderr).toContain('bde: Install them by hand: apt-get install --no-install-recommends some-tool');
    expect(existsSync(POLICY)).toBe(policyWasThere);
  });

  it('looks again when a package has gone since', async () => {
    await sandbox.putCommand('apt-get', aptGet(sandbox.root));
    await sandbox.run(['a']);
    await writeFile(join(sandbox.root, 'scripts/host-packages.txt'), '/nowhere/tool other-tool\n');

    const result = await sandbox.run(['a'], { BDE_NO_INSTALL: '1' });

    expect(result).toMatchObject({ exitCode: 0, stdout: 'ran a\n' });
    expect(result.stderr).toContain('other-tool');
  });
});
