import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  filesFolder,
  openNodeFolder,
  packFiles,
  readPacked,
  removeNodeFolder,
  sendFiles,
} from '../../src/engine/backups/node-archive.js';
import { BdeError } from '../../src/errors/bde-error.js';
import type { Digest } from '../../src/errors/ids.js';
import type { CommandResult, NodeLink } from '../../src/engine/ports/nodes.js';
import { SHELLS, type ShellName } from './ssh-local-shell.js';

const LIMITS = { timeoutMs: 60_000, signal: new AbortController().signal };
const STORE = { id: '01BACKUP', role: 'store' };

/** More than two pieces, and nothing that a compressor makes small. */
const LARGE = Buffer.concat(
  Array.from({ length: 300_000 }, (_, index) => createHash('sha256').update(String(index)).digest()),
);

/** A folder as a node, its commands run by one kind of shell. */
class FolderNode {
  readonly root = mkdtempSync(join(tmpdir(), 'bde-carry-'));
  /** How many of the next commands are lost on their way back. */
  losses = 0;
  readonly #shell: string;

  constructor(name: ShellName) {
    this.#shell = SHELLS[name];
  }

  path(path: string): string {
    return path.replace('/var/lib/bde/backups', this.root);
  }

  get link(): NodeLink {
    const link: Pick<NodeLink, 'command' | 'writeFile'> = {
      command: async (argv, options = {}) => {
        const result = await this.#run(argv);
        if (this.losses > 0) {
          this.losses -= 1;
          throw new BdeError('CONNECT_LOST', 'lost');
        }
        options.onOutput?.('stdout', result.bytes);
        return { ...result, stdout: result.bytes.toString('latin1') };
      },
      writeFile: (path, content, mode) => {
        mkdirSync(dirname(this.path(path)), { recursive: true });
        writeFileSync(this.path(path), content as Buffer, { mode });
        return Promise.resolve();
      },
    };
    return link as NodeLink;
  }

  #run([, ...args]: readonly string[]): Promise<Omit<CommandResult, 'stdout'> & { readonly bytes: Buffer }> {
    const argv = args.map((each) => this.path(each));
    const argv0 = this.#shell.endsWith('busybox') ? ['sh', ...argv] : argv;
    return new Promise((resolve) => {
      execFile(this.#shell, argv0, { encoding: 'buffer', maxBuffer: 2 ** 26 }, (error, bytes, stderr) => {
        const exitCode = error === null ? 0 : Number(error.code);
        resolve({ argv, exitCode, signal: null, timedOut: false, durationMs: 0, bytes, stderr: stderr.toString() });
      });
    });
  }
}

describe.each(Object.keys(SHELLS) as ShellName[])('files of a backup, carried by %s', (name) => {
  let one: FolderNode;
  let other: FolderNode;

  beforeEach(() => {
    one = new FolderNode(name);
    other = new FolderNode(name);
  });

  afterEach(() => {
    for (const { root } of [one, other]) rmSync(root, { recursive: true });
  });

  function write(node: FolderNode, file: string, content: string | Buffer): void {
    const path = join(node.path(filesFolder(STORE)), file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  async function pack(): Promise<{ readonly archive: Buffer; readonly sha256: Digest }> {
    const { bytes, sha256 } = await packFiles(one.link, STORE, LIMITS);
    const pieces: Buffer[] = [];
    for await (const piece of readPacked(one.link, STORE, { bytes, signal: LIMITS.signal })) pieces.push(piece);
    return { archive: Buffer.concat(pieces), sha256 };
  }

  async function* inTwo(content: Buffer): AsyncGenerator<Uint8Array, void, undefined> {
    await Promise.resolve();
    yield content.subarray(0, 1000);
    yield content.subarray(1000);
  }

  it('are the same on another node, with names of any kind, and their sum is what was said', async () => {
    await openNodeFolder(one.link, STORE, LIMITS);
    write(one, "deep/a b\n'c", 'text');
    write(one, 'large', LARGE);
    const { archive, sha256 } = await pack();

    await openNodeFolder(other.link, STORE, LIMITS);
    await sendFiles(other.link, STORE, { ...LIMITS, content: inTwo(archive), sha256 });

    expect(createHash('sha256').update(archive).digest('hex')).toBe(sha256);
    const folder = other.path(filesFolder(STORE));
    expect(readFileSync(join(folder, "deep/a b\n'c"), 'utf8')).toBe('text');
    expect(readFileSync(join(folder, 'large')).equals(LARGE)).toBe(true);
    expect(readdirSync(join(folder, '..'))).toEqual(['files']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('are read again where the connection was lost', async () => {
    await openNodeFolder(one.link, STORE, LIMITS);
    write(one, 'large', LARGE);
    const { bytes, sha256 } = await packFiles(one.link, STORE, LIMITS);
    one.losses = 3;

    const hash = createHash('sha256');
    for await (const piece of readPacked(one.link, STORE, { bytes, signal: LIMITS.signal })) hash.update(piece);

    expect(hash.digest('hex')).toBe(sha256);
  });

  it('are packed once, however often that is asked for', async () => {
    await openNodeFolder(one.link, STORE, LIMITS);
    write(one, 'a', 'text');

    const packed = [await packFiles(one.link, STORE, LIMITS), await packFiles(one.link, STORE, LIMITS)];

    expect(packed[1]).toEqual(packed[0]);
  });

  it('have to be some', async () => {
    await openNodeFolder(one.link, STORE, LIMITS);

    await expect(packFiles(one.link, STORE, LIMITS)).rejects.toMatchObject({
      code: 'BACKUP_FAILED',
      message: 'the recipes left no file',
    });
  });

  it('are not unpacked where they are not what was sent', async () => {
    await openNodeFolder(one.link, STORE, LIMITS);
    write(one, 'a', 'text');
    const { archive, sha256 } = await pack();
    const changed = Buffer.from(archive);
    changed[20] = (changed[20] ?? 0) ^ 1;

    await openNodeFolder(other.link, STORE, LIMITS);
    const sending = sendFiles(other.link, STORE, { ...LIMITS, content: inTwo(changed), sha256 });

    await expect(sending).rejects.toMatchObject({ code: 'BACKUP_FAILED' });
    expect(readdirSync(other.path(filesFolder(STORE)))).toEqual([]);
  });

  it('begin with nothing, not with what another backup or an earlier try left', async () => {
    await openNodeFolder(one.link, { ...STORE, id: '01OLD' }, LIMITS);
    await openNodeFolder(one.link, STORE, LIMITS);
    write(one, 'a', 'of an earlier try');

    await openNodeFolder(one.link, STORE, LIMITS);

    expect(readdirSync(one.root)).toEqual(['01BACKUP']);
    expect(readdirSync(one.path(filesFolder(STORE)))).toEqual([]);
  });

  it('leave nothing on the node once they are removed, but those of another role', async () => {
    await openNodeFolder(one.link, STORE, LIMITS);
    await openNodeFolder(one.link, { ...STORE, role: 'web' }, LIMITS);

    await removeNodeFolder(one.link, STORE, LIMITS);
    expect(readdirSync(join(one.root, STORE.id))).toEqual(['web']);
    await removeNodeFolder(one.link, { ...STORE, role: 'web' }, LIMITS);

    expect(existsSync(join(one.root, STORE.id))).toBe(false);
  });
});
