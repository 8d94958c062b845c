import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COOKBOOK_LIMITS, readCookbooks } from '../../../src/files/read-cookbooks.js';
import { readText, readTextIfThere } from '../../../src/files/read-text.js';
import { readDistroTree, readMappedSpec, readSite, readSpecMap } from '../../../src/files/read-trees.js';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bde-files-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, content: string | Buffer = ''): string {
  const file = join(root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  return file;
}

describe('readText', () => {
  it('gives the text with its path, a byte order mark included', async () => {
    const path = write('a.json', '\uFEFF{}');

    expect(await readText(path)).toEqual({ path, text: '\uFEFF{}' });
  });

  it.each([
    ['missing', () => undefined, 'FILE_UNREADABLE', 'does not exist'],
    ['a folder', () => mkdirSync(join(root, 'x')), 'FILE_UNREADABLE', 'is no regular file'],
    ['a fifo', () => execFileSync('mkfifo', [join(root, 'x')]), 'FILE_UNREADABLE', 'is no regular file'],
    [
      'a circle of links',
      () => symlinkSync('x', join(root, 'x')),
      'FILE_UNREADABLE',
      'is a symbolic link that leads in a circle',
    ],
    ['not UTF-8', () => write('x', Buffer.from([0x7b, 0xff, 0x7d])), 'SYNTAX_INVALID', 'is not UTF-8 text'],
  ])('refuses what is %s', async (_what, make, code, problem) => {
    make();
    const path = join(root, 'x');

    await expect(readText(path)).rejects.toMatchObject({
      code,
      message: `${path} ${problem}`,
      subject: { file: path },
    });
  });

  it('refuses a large file by its size', async () => {
    const path = write('x');
    truncateSync(path, 5 * 1024 * 1024);

    await expect(readText(path)).rejects.toMatchObject({
      code: 'SYNTAX_INVALID',
      message: `${path} is 5.0 MiB; at most 4.0 MiB are read`,
    });
  });

  it('tells an absent file from an unreadable one', async () => {
    expect(await readTextIfThere(join(root, 'nope'))).toBeUndefined();
    await expect(readTextIfThere(root)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

describe('readSite', () => {
  it('gives the first file that exists', async () => {
    const second = write('second.yaml', '{}');

    expect((await readSite([join(root, 'first.yaml'), second]))?.path).toBe(second);
    expect(await readSite([join(root, 'first.yaml')])).toBeUndefined();
  });
});

describe('readMappedSpec', () => {
  it('reads a spec inside its folder', async () => {
    write('specs/map.json', '[]');
    write('specs/a/spec.json', '{}');

    expect((await readSpecMap(join(root, 'specs'))).text).toBe('[]');
    expect((await readMappedSpec(join(root, 'specs'), 'a/spec.json')).text).toBe('{}');
  });

  it('follows no link and no path out of it', async () => {
    const secret = write('secret.json', '{}');
    mkdirSync(join(root, 'specs'));
    symlinkSync(secret, join(root, 'specs/link.json'));

    await expect(readMappedSpec(join(root, 'specs'), 'link.json')).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: `${root}/specs/link.json leads out of ${root}/specs, to ${secret}`,
    });
    await expect(readMappedSpec(join(root, 'specs'), '../secret.json')).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
  });
});

describe('readDistroTree', () => {
  it('does without a list of retired roles', async () => {
    write('distros/manifest.json', '[]');

    const tree = await readDistroTree(join(root, 'distros'));

    expect(tree.manifest.text).toBe('[]');
    expect(tree.retiredRoles).toBeUndefined();
  });
});

describe('readCookbooks', () => {
  it('gives every file of every cookbook, sorted, hidden ones left out', async () => {
    write('books/web/metadata.yaml', 'name: web');
    write('books/web/files/a.bin', Buffer.from([0, 255]));
    write('books/web/recipes/b.yaml', '[]');
    write('books/web/.git/config');
    write('books/web/recipes/b.yaml~');
    write('books/base/metadata.yaml', 'name: base');
    write('books/README.md');

    const books = await readCookbooks([join(root, 'books')]);

    expect(books.map(({ name, path, files }) => [name, path, Object.keys(files)])).toEqual([
      ['base', join(root, 'books/base'), ['metadata.yaml']],
      ['web', join(root, 'books/web'), ['files/a.bin', 'metadata.yaml', 'recipes/b.yaml']],
    ]);
    expect(books[1]?.files['files/a.bin']).toEqual(Buffer.from([0, 255]));
  });

  it('joins the cookbooks of several folders by name, a folder that is named twice once', async () => {
    write('shipped/web/metadata.yaml');
    write('mine/store/metadata.yaml');
    symlinkSync('mine', join(root, 'alias'));

    const books = await readCookbooks(['shipped', 'mine', 'alias'].map((name) => join(root, name)));

    expect(books.map(({ path }) => path)).toEqual([join(root, 'mine/store'), join(root, 'shipped/web')]);
  });

  it('refuses two cookbooks of one name and says where both are', async () => {
    write('shipped/web/metadata.yaml');
    write('mine/web/metadata.yaml');

    await expect(readCookbooks([join(root, 'shipped'), join(root, 'mine')])).rejects.toMatchObject({
      code: 'COOKBOOK_INVALID',
      message: `The cookbook web is there twice, in ${join(root, 'shipped/web')} and in ${join(root, 'mine/web')}`,
    });
  });

  it('refuses a folder that is not there', async () => {
    await expect(readCookbooks([join(root, 'absent')])).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: `${join(root, 'absent')} does not exist`,
    });
  });

  it('refuses a folder that is a cookbook itself', async () => {
    write('books/web/metadata.yaml');

    await expect(readCookbooks([join(root, 'books/web')])).rejects.toMatchObject({
      code: 'COOKBOOK_INVALID',
      message: `${join(root, 'books/web')} is a cookbook itself, not a folder of cookbooks`,
      hint: 'Name the folder that it lies in.',
    });
  });

  it('follows links inside a cookbook and refuses those that leave it', async () => {
    write('books/web/files/a', 'x');
    symlinkSync('a', join(root, 'books/web/files/b'));

    expect(Object.keys((await readCookbooks([join(root, 'books')]))[0]?.files ?? {})).toEqual(['files/a', 'files/b']);

    symlinkSync('/etc/hostname', join(root, 'books/web/files/c'));

    await expect(readCookbooks([join(root, 'books')])).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it.each([
    [{ fileCount: 1 }, 'has 2 files; allowed are at most 1'],
    [{ totalBytes: 3 }, 'has 4 bytes and more; allowed are at most 3'],
    [{ depth: 0 }, 'is too deep; allowed are at most 0 levels'],
  ])('refuses a cookbook that crosses the bound %j', async (limits, problem) => {
    write('books/web/files/a', 'xx');
    write('books/web/files/b', 'yy');

    await expect(readCookbooks([join(root, 'books')], { ...COOKBOOK_LIMITS, ...limits })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining(problem) as string,
    });
  });

  it('refuses a file that crosses its bound', async () => {
    write('books/web/big', 'xxxx');

    await expect(readCookbooks([join(root, 'books')], { ...COOKBOOK_LIMITS, fileBytes: 3 })).rejects.toMatchObject({
      code: 'SYNTAX_INVALID',
    });
  });
});
