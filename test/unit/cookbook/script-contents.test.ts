import { describe, expect, it } from 'vitest';
import { ScriptContents } from '../../../src/cookbook/script-contents.js';
import { secretToken } from '../../../src/cookbook/secret-token.js';
import { sha256 } from '../../../src/cookbook/sha256.js';

const MIRROR = { url: 'https://m/c/1', caPath: '/ca.pem', repos: [] };
const FILE = { path: "/etc/a 'b'", seed: false };

interface Given {
  readonly mirror?: typeof MIRROR | null;
  readonly file?: typeof FILE | null;
}

function contentsOf(content: string | Buffer, { mirror = MIRROR, file = FILE }: Given = {}) {
  const contents = new ScriptContents(mirror);
  contents.functionOf(file === null ? { content } : { content, file });
  return contents;
}

describe('ScriptContents', () => {
  it('carries a small content in the script', () => {
    const { functions, held, pulled, scripts } = contentsOf('x'.repeat(1024));

    expect(functions).toEqual([
      `bde_content_1() { printf %s ${'x'.repeat(1024)}; }`.replace('x'.repeat(1024), `'${'x'.repeat(1024)}'`),
    ]);
    expect([held, pulled, scripts]).toEqual([{}, {}, []]);
  });

  it('holds a larger content of a file, to be asked for by its sum', () => {
    const content = 'x'.repeat(1025);
    const { functions, held, pulled } = contentsOf(content);

    expect(functions).toEqual([
      `bde_content_1() { bde_held ${sha256(content)}; }`,
      `bde_list_held() { bde_need ${sha256(content)} '/etc/a '\\''b'\\'''; }`,
    ]);
    expect(held).toEqual({ [sha256(content)]: Buffer.from(content) });
    expect(pulled).toEqual({});
  });

  it('lets the node pull what is large, where there is a mirror', () => {
    const content = Buffer.alloc(64 * 1024 + 1);
    const { functions, held, pulled } = contentsOf(content);

    expect(functions).toEqual([
      `bde_content_1() { bde_pulled ${sha256(content)} 'https://m/c/1/_content/${sha256(content)}' '/ca.pem'; }`,
    ]);
    expect([Object.keys(held), Object.keys(pulled)]).toEqual([[], [sha256(content)]]);
    expect(Object.keys(contentsOf(content, { mirror: null }).held)).toEqual([sha256(content)]);
  });

  it('never leaves out what holds a secret, however large', () => {
    const { held, pulled, functions } = contentsOf(`${'x'.repeat(100_000)}${secretToken('password')}`);

    expect([held, pulled]).toEqual([{}, {}]);
    expect(functions[0]).toContain('@@bde-secret:password@@');
  });

  it('never leaves out what is no content of a file', () => {
    expect(contentsOf('x'.repeat(5000), { file: null }).held).toEqual({});
  });

  it('names a content that is used twice once, and each of its files', () => {
    const contents = new ScriptContents(null);
    const content = 'x'.repeat(5000);

    const names = [FILE, { path: '/b', seed: true }].map((file) => contents.functionOf({ content, file }));

    expect(names).toEqual(['bde_content_1', 'bde_content_1']);
    expect(contents.functions[1]).toMatch(/bde_need \w{64} '\/etc.*; bde_need \w{64} '\/b' seed; }$/);
  });
});
