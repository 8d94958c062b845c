import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TemplateShell } from '../../src/engine/ports/provider.js';
import type { Digest } from '../../src/errors/ids.js';
import { makeLocalWorld, type LocalWorld } from '../contract/local-world.js';

describe('a throw-away copy of the template', () => {
  let world: LocalWorld;
  let binds: string;
  beforeAll(async () => {
    world = await makeLocalWorld();
    binds = join(world.dataRoot, 'binds');
    await mkdir(binds);
    await writeFile(join(binds, 'file'), 'from the host\n');
  });
  afterAll(() => world.dispose());

  const run = (
    argv: readonly string[],
    options: Parameters<TemplateShell['runInTemplate']>[2] = { binds: [] },
  ): ReturnType<TemplateShell['runInTemplate']> => {
    if (!world.subject.templateShell) throw new Error('the local provider has a template shell');
    return world.subject.templateShell.runInTemplate(world.creation.template, argv, options);
  };

  it('gives exit code and both outputs', async () => {
    const outcome = await run(['sh', '-c', 'echo out; echo err >&2; exit 3']);

    expect(outcome).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  it('hands over arguments as they are', async () => {
    const { stdout } = await run(['printf', '%s|', 'a b', "it's", '$(id)', '--', '']);

    expect(stdout).toBe("a b|it's|$(id)|--||");
  });

  it('shows host folders at their own paths, read-only', async () => {
    const { stdout, exitCode } = await run(['sh', '-c', `cat ${binds}/file && ! touch ${binds}/new 2>/dev/null`], {
      binds: [binds],
    });

    expect([exitCode, stdout]).toEqual([0, 'from the host\n']);
    expect(await readdir(binds)).toEqual(['file']);
  });

  it('forgets what was written', async () => {
    await run(['sh', '-c', 'echo x >/root/written']);

    const { stdout } = await run(['ls', '/root']);

    expect(stdout).toBe('');
  });

  it('has no network', async () => {
    const { stdout } = await run(['sh', '-c', 'ip -brief link; ip route']);

    expect(stdout.trim().split(/\s+/).slice(0, 2)).toEqual(['lo', 'DOWN']);
  });

  it('provides what RPMs of Red Hat systems require', async () => {
    const names = ['/bin/sh', '/usr/bin/python3', 'libc.so.6()(64bit)', 'systemd', 'shadow-utils', 'openssh-server'];

    const { stdout, exitCode } = await run(['rpm', '-q', '--whatprovides', ...names]);

    expect(exitCode).toBe(0);
    expect(new Set(stdout.trim().split('\n'))).toEqual(new Set(['bde-base-12-1.noarch']));
  });

  it('runs side by side', async () => {
    const outcomes = await Promise.all(
      ['a', 'b', 'c'].map((word) => run(['sh', '-c', `echo ${word} >/tmp/w; cat /tmp/w`])),
    );

    expect(outcomes.map(({ stdout }) => stdout)).toEqual(['a\n', 'b\n', 'c\n']);
  });

  it('ends when it is aborted', async () => {
    const controller = new AbortController();
    const running = run(['sleep', '600'], { binds: [], signal: controller.signal });

    controller.abort();

    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is refused for a template that is not there', async () => {
    const asked = world.subject.templateShell?.runInTemplate('f'.repeat(64) as Digest, ['true'], { binds: [] });

    await expect(asked).rejects.toMatchObject({ code: 'PROVIDER_FAILED', hint: 'Run `bde template build`.' });
  });
});
