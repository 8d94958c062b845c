import { chmodSync, lstatSync, mkdirSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { Secret } from '../../src/errors/secret.js';
import { fillSecrets, secretToken } from '../../src/cookbook/secret-token.js';
import type { CompileInput } from '../../src/cookbook/types.js';
import { describeInTurns, setUpBench, type BodyResult } from './converge-support.js';

const user = process.getuid?.() ?? 0;
const group = process.getgid?.() ?? 0;

describeInTurns('parts of files', (shell, it) => {
  const bench = setUpBench(shell);
  const { at: path, read, run } = bench;
  const write = (name: string, content: string) => {
    writeFileSync(path(name), content);
  };
  const compile = (resources: readonly object[], input: Partial<CompileInput> = {}) =>
    bench.compile(
      resources
        .map((resource) => `  - ${JSON.stringify(resource).replaceAll('@/', `${bench.runner.folder}/`)}\n`)
        .join(''),
      input,
    );
  const owned = { owner: String(user), group: String(group) };

  /** What a check foretells, what the run after it does, and what a second run does. */
  const converge = (...resources: readonly object[]) => {
    const script = compile(resources);
    const foretold = run(script, { mode: 'check' });
    return { foretold, first: run(script), second: run(script) };
  };
  const outcomes = ({ lines }: BodyResult) => lines.map(({ outcome }) => outcome);

  /** One resource, which a check foretells to change, which changes, and is as wanted then. */
  const change = (resource: object) => {
    const { foretold, first, second } = converge(resource);
    expect([outcomes(foretold), outcomes(first), outcomes(second)]).toEqual([
      ['would-change'],
      ['changed'],
      ['unchanged'],
    ]);
    expect([second.detaches, second.stderr, first.stderr]).toEqual([0, '', '']);
    expect(foretold.lines[0]?.detail).toBe(first.lines[0]?.detail);
    return first.lines[0];
  };
  const keep = (resource: object) => {
    expect(outcomes(converge(resource).first)).toEqual(['unchanged']);
  };
  const refuse = (resource: object) => {
    const { foretold, first } = converge(resource);
    expect([outcomes(foretold), outcomes(first)]).toEqual([['failed'], ['failed']]);
    expect(foretold.lines[0]?.detail).toBe(first.lines[0]?.detail);
    return first.lines[0]?.detail;
  };

  describe('a line', () => {
    it('is added at the end, with a diff, and nothing else changes', () => {
      write('conf', 'a=1\nb=2');
      chmodSync(path('conf'), 0o640);

      const line = change({ line_in_file: '@/conf', line: 'c = "$x\\n" \'3\'' });

      expect(read('conf')).toBe('a=1\nb=2\nc = "$x\\n" \'3\'\n');
      expect(line?.diff).toContain('+c = "$x\\n" \'3\'');
      expect(statSync(path('conf')).mode & 0o777).toBe(0o640);
    });

    it('is left alone where it stands, even twice', () => {
      write('conf', 'x\ny\nx\n');

      keep({ line_in_file: '@/conf', line: 'x', after: '^y' });

      expect(read('conf')).toBe('x\ny\nx\n');
    });

    it('makes its file where that is missing, with owner and mode', () => {
      const line = change({ line_in_file: '@/conf', line: 'x', mode: '0600', ...owned });

      expect(line?.detail).toBe('line');
      expect(read('conf')).toBe('x\n');
      expect(statSync(path('conf')).mode & 0o777).toBe(0o600);
    });

    it('brings the mode back that it was given', () => {
      write('conf', 'x\n');
      chmodSync(path('conf'), 0o644);

      const line = change({ line_in_file: '@/conf', line: 'x', mode: '0600' });

      expect(line?.detail).toBe('mode 644 instead of 600');
      expect(statSync(path('conf')).mode & 0o777).toBe(0o600);
    });

    it('takes the place of the first line that its pattern matches, and the others go', () => {
      write('conf', '#Port 22\nPort 2222\nHost a\nPort 3\n');

      change({ line_in_file: '@/conf', match: '^#?Port [0-9]{1,5}$', line: 'Port 22' });

      expect(read('conf')).toBe('Port 22\nHost a\n');
    });

    it('is not added again where its pattern does not match it', () => {
      write('conf', '#name\n');

      change({ line_in_file: '@/conf', match: '^#name', line: 'name x' });

      expect(read('conf')).toBe('name x\n');
    });

    it.each([
      ['before', { before: '^\\[' }, 'new\n[a]\nx\n[b]\nx\n'],
      ['before, at the head', { before: '^' }, 'new\n[a]\nx\n[b]\nx\n'],
      ['after', { after: '^x' }, '[a]\nx\n[b]\nx\nnew\n'],
      ['after, in the middle', { after: '^\\[b' }, '[a]\nx\n[b]\nnew\nx\n'],
    ])('goes where it is told to: %s', (_, place, expected) => {
      write('conf', '[a]\nx\n[b]\nx\n');

      change({ line_in_file: '@/conf', line: 'new', ...place });

      expect(read('conf')).toBe(expected);
    });

    it('is refused where nothing says where it goes', () => {
      write('conf', 'a\n');

      expect(refuse({ line_in_file: '@/conf', line: 'x', after: '^b' })).toBe(
        `no line of ${path('conf')} matches "^b"`,
      );
      expect(read('conf')).toBe('a\n');
    });

    it('is not known yet in a check where something before it may bring its place', () => {
      const script = compile([
        { execute: 'x', command: 'echo b >@/conf', creates: '@/conf' },
        { line_in_file: '@/conf', line: 'x', after: '^b' },
      ]);

      const foretold = run(script, { mode: 'check' });
      const applied = run(script);

      expect([outcomes(foretold), outcomes(applied)]).toEqual([
        ['would-change', 'unknown'],
        ['changed', 'changed'],
      ]);
      expect(foretold.lines[1]?.detail).toContain('depends on execute[x]');
      expect(read('conf')).toBe('b\nx\n');
    });

    it('is refused with what grep says of a pattern that is none', () => {
      write('conf', 'a\n');

      expect(refuse({ line_in_file: '@/conf', line: 'x', match: 'a(' })).toMatch(
        /^match is "a\(", which is no pattern: .*grep/,
      );
    });

    it.each([
      ['by itself', { line: 'b' }, 'a\nbb\n'],
      ['by a pattern', { match: '^b' }, 'a\n'],
      ['by both', { match: '^bb', line: 'b' }, 'a\n'],
    ])('is taken away: %s', (_, what, expected) => {
      write('conf', 'a\nb\nbb\nb\n');

      change({ line_in_file: '@/conf', state: 'absent', ...what });

      expect(read('conf')).toBe(expected);
    });

    it('that is to be absent needs no file', () => {
      keep({ line_in_file: '@/none', state: 'absent', match: '.', mode: '0600' });
    });

    it('is written to what a link leads to, and the link stays', () => {
      mkdirSync(path('d'));
      write('d/real', 'a\n');
      symlinkSync('d/real', path('conf'));

      change({ line_in_file: '@/conf', line: 'b' });

      expect(readlinkSync(path('conf'))).toBe('d/real');
      expect(read('d/real')).toBe('a\nb\n');
    });

    it.each([
      ['a folder', () => mkdirSync(path('conf')), 'is no regular file'],
      ['bytes', () => writeFileSync(path('conf'), Buffer.from([0, 97, 10])), 'is no text: it holds NUL bytes'],
    ])('is refused in %s', (_, make, said) => {
      make();

      expect(refuse({ line_in_file: '@/conf', line: 'x' })).toBe(`${path('conf')} ${said}`);
    });

    it('is one of several in a file', () => {
      const { first, second } = converge(
        { line_in_file: '@/conf', line: 'a', ...owned },
        { line_in_file: '@/conf', line: 'c' },
        { line_in_file: '@/conf', line: 'b', before: '^c' },
      );

      expect([outcomes(first), new Set(outcomes(second))]).toEqual([
        ['changed', 'changed', 'changed'],
        new Set(['unchanged']),
      ]);
      expect(read('conf')).toBe('a\nb\nc\n');
    });

    it('with a secret is shown to nobody', () => {
      write('conf', 'key=old\n');
      const attributes = { demo: { key: secretToken('k') } };
      const line = { line_in_file: '@/conf', match: '^key=', line: 'key={{attributes.key}}', mode: '0600' };
      const value = 'hunter2 \'"$(x)\\n&';
      const script = fillSecrets(compile([line], { attributes }), new Map([['k', new Secret(value)]])).reveal();

      const foretold = run(script, { mode: 'check' });
      const { stdout } = run(script);

      expect(read('conf')).toBe(`key=${value}\n`);
      expect(statSync(path('conf')).mode & 0o777).toBe(0o600);
      expect(`${foretold.stdout}${stdout}`).not.toContain('hunter2');
      expect(outcomes(run(script))).toEqual(['unchanged']);
    });
  });

  describe('a block', () => {
    const block = { block_in_file: '@/conf', content: 'x\ny\n' };
    const BLOCK = '# bde block: begin\nx\ny\n# bde block: end\n';

    it('is added at the end, and replaced where it stands', () => {
      write('conf', 'a\n');
      change(block);
      write('conf', `${read('conf')}b\n`);

      const line = change({ ...block, content: 'x\nz' });

      expect(line?.diff).toContain('-y\n+z');
      expect(read('conf')).toBe('a\n# bde block: begin\nx\nz\n# bde block: end\nb\n');
    });

    it('makes its file where that is missing', () => {
      change({ ...block, mode: '0640', ...owned });

      expect(read('conf')).toBe(BLOCK);
      expect(statSync(path('conf')).mode & 0o777).toBe(0o640);
    });

    it('is repaired where somebody changed it', () => {
      write('conf', `a\n${BLOCK.replace('y', 'Y')}b\n`);

      change(block);

      expect(read('conf')).toBe(`a\n${BLOCK}b\n`);
    });

    it('stands beside others of other names', () => {
      const named = { ...block, marker: 'two', comment: '<!-- -->', before: '^a' };
      write('conf', 'a\n');

      const { first, second } = converge(block, named);

      expect([outcomes(first), outcomes(second)]).toEqual([
        ['changed', 'changed'],
        ['unchanged', 'unchanged'],
      ]);
      expect(read('conf')).toBe(`<!-- bde two: begin -->\nx\ny\n<!-- bde two: end -->\na\n${BLOCK}`);
    });

    it('is one where there were several', () => {
      write('conf', `${BLOCK}a\n${BLOCK}`);

      change(block);

      expect(read('conf')).toBe(`${BLOCK}a\n`);
    });

    it('loses no line where the last line of an older one is gone', () => {
      write('conf', '# bde block: begin\nmine\n');

      change(block);

      expect(read('conf')).toBe(`${BLOCK}mine\n`);
    });

    it('loses no line between a first line without a last and a whole block', () => {
      write('conf', `# bde block: begin\nmine\n${BLOCK}`);

      change(block);

      expect(read('conf')).toBe(`${BLOCK}mine\n`);
    });

    it('is taken away with its markers, and nothing else', () => {
      write('conf', `a\n${BLOCK}# bde other: begin\n`);

      change({ block_in_file: '@/conf', state: 'absent' });

      expect(read('conf')).toBe('a\n# bde other: begin\n');
    });

    it('that is to be absent needs no file', () => {
      keep({ block_in_file: '@/none', state: 'absent' });
    });

    it('is refused where nothing says where it goes', () => {
      write('conf', 'a\n');

      expect(refuse({ ...block, before: '^b' })).toBe(`no line of ${path('conf')} matches "^b"`);
    });

    it('is written through a link that leads to a file to be', () => {
      symlinkSync('real', path('conf'));

      change({ ...block, ...owned });

      expect(lstatSync(path('conf')).isSymbolicLink()).toBe(true);
      expect(read('real')).toBe(BLOCK);
    });
  });

  it('are as wanted after one run, whatever stood in the file', () => {
    const line = fc.constantFrom('a', 'b', '', '# bde block: begin', '# bde block: end', ' a', 'a=1', '\\', '0', '00');
    const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));
    const resource = fc.oneof(
      fc.record({ line_in_file: fc.constant('@/conf'), line: fc.constantFrom('a', 'a=1', '\\', '0') }),
      fc.record({
        line_in_file: fc.constant('@/conf'),
        line: fc.constant('a=2'),
        match: fc.constantFrom('^a', '=', '^$', '^0'),
        state: fc.constantFrom('present', 'absent'),
      }),
      fc.record({ block_in_file: fc.constant('@/conf'), content: text.filter((each) => !each.includes('bde')) }),
    );

    fc.assert(
      fc.property(text, resource, (before, wanted) => {
        write('conf', before);
        const { foretold, first, second } = converge(wanted);

        expect(outcomes(foretold).map((each) => each.replace('would-change', 'changed'))).toEqual(outcomes(first));
        expect([outcomes(second), second.stderr, first.exitCode]).toEqual([['unchanged'], '', 0]);
        if (outcomes(first)[0] === 'unchanged') expect(read('conf')).toBe(before);
      }),
      { numRuns: 25 },
    );
  });
});
