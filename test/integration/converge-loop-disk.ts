import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync } from 'node:fs';

/** A blank disk: a loop device over a sparse file. Needs root. */
export class LoopDisk {
  readonly device: string;

  constructor(file: string, sizeMiB: number) {
    const image = openSync(file, 'w');
    ftruncateSync(image, sizeMiB * 1024 * 1024);
    closeSync(image);
    this.device = run('losetup', '--find', '--show', '--partscan', file).trim();
  }

  /** What blkid finds on it: `ext4`, or nothing. */
  type(suffix = ''): string {
    return spawnSync('blkid', ['-p', '-s', 'TYPE', '-o', 'value', this.device + suffix], {
      encoding: 'utf8',
    }).stdout.trim();
  }

  /** sha256 of all that is on it. */
  sum(): string {
    return run('sha256sum', this.device);
  }

  /** Without what a loop device would keep for its next file. */
  detach(): void {
    run('blockdev', '--setrw', this.device);
    run('losetup', '--detach', this.device);
  }
}

/** @throws Error with what the program says where it fails */
export function run(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}
