import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import buildTemplate from '../../../../src/providers/local/build-template.sh';

const exec = promisify(execFile);

let folder: string;
let image: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-build-'));
  image = join(folder, 'debian-12.squashfs');
  // The last argument but one is the root; the customizing script is checked by the tests on real machines.
  await tool(
    'mmdebstrap',
    'for a; do root=$prev; prev=$a; done; mkdir -p "$root/etc"; echo built >>"$COUNT"; echo I: bootstrapping >&2',
  );
  await tool('mksquashfs', 'ls "$1" >"$2"');
});
afterEach(() => rm(folder, { recursive: true }));

async function tool(name: string, script: string): Promise<void> {
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'bin', name), 0o755);
}

function build(): Promise<unknown> {
  const env = {
    PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
    COUNT: join(folder, 'count'),
    BDE_SOURCES: 'deb http://mirror.example/debian bookworm main',
    BDE_APT_OPTIONS: '',
    BDE_CUSTOMIZE: 'exit 0',
    BDE_BASE_RPM: 'exit 0',
    BDE_GUEST_INIT: 'exit 0',
  };
  return exec('sh', ['-c', buildTemplate, 'build-template', image, 'systemd,dnf'], { env });
}

const left = async (): Promise<readonly string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith('debian'));

describe('build-template.sh', () => {
  it('leaves an image and nothing else', async () => {
    await build();

    expect(await left()).toEqual(['debian-12.squashfs']);
    expect(await readFile(image, 'utf8')).toBe('etc\n');
  });

  it('builds nothing that another builder made meanwhile', async () => {
    await build();

    await build();

    expect(await readFile(join(folder, 'count'), 'utf8')).toBe('built\n');
  });

  it('is not troubled by what a killed build left', async () => {
    await mkdir(`${image}.build/root/usr`, { recursive: true });
    await writeFile(`${image}.build/image`, 'half');

    await build();

    expect(await readFile(image, 'utf8')).toBe('etc\n');
    expect(await left()).toEqual(['debian-12.squashfs']);
  });

  it('leaves nothing when a step fails', async () => {
    await tool('mksquashfs', 'echo half >"$2"; echo No space left on device >&2; exit 1');

    await expect(build()).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No space left') as string,
    });
    expect(await left()).toEqual([]);
  });
});
