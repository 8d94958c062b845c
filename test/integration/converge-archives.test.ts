import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, describeInTurns } from './converge-support.js';

const user = process.getuid?.() ?? 0;
const group = process.getgid?.() ?? 0;

interface Unpacking {
  readonly strip?: number;
  readonly sum?: string;
  readonly mode?: 'apply' | 'check';
}

describeInTurns('archives', (shell, it) => {
  let runner: BodyRunner;
  let tree: string;

  beforeEach(() => {
    runner = new BodyRunner();
    tree = at('tree');
    mkdirSync(join(tree, 'tool-1.0/bin'), { recursive: true });
    writeFileSync(join(tree, 'tool-1.0/bin/tool'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(tree, 'tool-1.0/größe "x"'), 'text\n');
    symlinkSync('bin/tool', join(tree, 'tool-1.0/link'));
  });
  afterEach(() => {
    runner.remove();
  });

  const at = (name: string): string => join(runner.folder, name);
  const pack = (name: string, ...args: readonly string[]): string => {
    const file = at(name);
    execFileSync('tar', ['-C', tree, '-caf', file, ...args], { stdio: 'ignore' });
    return file;
  };
  const zip = (name: string, cwd: string, ...args: readonly string[]): string => {
    execFileSync('zip', ['-qry', at(name), ...args], { cwd });
    return at(name);
  };
  const sumOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

  const unpack = (file: string, { strip = 0, sum = sumOf(file), mode = 'apply' }: Unpacking = {}) => {
    const recipe = `  - archive: ${at('opt/tool')}\n    source: ${file}\n    sha256: ${sum}\n    strip_components: ${strip}\n    owner: "${user}"\n    group: "${group}"\n`;
    const result = runner.run(compileRun(compileInput(), [recipeCookbook(recipe)]).script, { shell, mode });
    return { ...result, outcome: result.lines[0]?.outcome, detail: result.lines[0]?.detail };
  };
  const unpacked = (): readonly string[] => readdirSync(at('opt/tool'), { recursive: true, encoding: 'utf8' }).sort();
  const FILES = ['.bde-archive', 'bin', 'bin/tool', 'größe "x"', 'link'];

  it.each(['tool.tar', 'tool.tar.gz', 'tool.tar.xz', 'tool.zip'])('of the form %s are unpacked once', (name) => {
    const file = name.endsWith('.zip') ? zip(name, tree, 'tool-1.0') : pack(name, 'tool-1.0');

    const first = unpack(file, { strip: 1 });
    const second = unpack(file, { strip: 1 });

    expect([first.detail, first.outcome, second.outcome]).toEqual(['absent', 'changed', 'unchanged']);
    expect(unpacked()).toEqual(FILES);
    expect(readFileSync(at('opt/tool/link'), 'utf8')).toBe('#!/bin/sh\n');
    expect(statSync(at('opt/tool')).mode & 0o777).toBe(0o755);
    expect(readdirSync(at('opt'))).toEqual(['tool']);
  });

  it('are laid into a folder that is there, which keeps its mode and what else is in it', () => {
    mkdirSync(at('opt/tool'), { recursive: true });
    chmodSync(at('opt/tool'), 0o750);
    writeFileSync(at('opt/tool/own'), 'mine');

    const { outcome } = unpack(pack('tool.tar', 'tool-1.0'), { strip: 1 });

    expect(outcome).toBe('changed');
    expect(unpacked()).toEqual([...FILES, 'own'].sort());
    expect(statSync(at('opt/tool')).mode & 0o777).toBe(0o750);
  });

  it('are unpacked anew where another one is wanted', () => {
    const first = pack('one.tar', 'tool-1.0');
    unpack(first, { strip: 1 });
    writeFileSync(join(tree, 'tool-1.0/bin/tool'), 'newer');

    const { outcome, detail } = unpack(pack('two.tar', 'tool-1.0'), { strip: 1 });

    expect([outcome, detail]).toEqual(['changed', 'not unpacked there']);
    expect(readFileSync(at('opt/tool/bin/tool'), 'utf8')).toBe('newer');
  });

  it('are foretold by a check, which unpacks nothing', () => {
    const { outcome } = unpack(pack('tool.tar', 'tool-1.0'), { mode: 'check' });

    expect(outcome).toBe('would-change');
    expect(existsSync(at('opt'))).toBe(false);
  });

  it('are refused where their sum is another one', () => {
    const file = pack('tool.tar', 'tool-1.0');

    const { outcome, detail } = unpack(file, { sum: 'a'.repeat(64) });

    expect([outcome, detail]).toEqual(['failed', `${file} has the sha256 ${sumOf(file)} instead of ${'a'.repeat(64)}`]);
    expect(existsSync(at('opt/tool'))).toBe(false);
  });

  it('are refused where they are cut', () => {
    const file = pack('tool.tar.gz', 'tool-1.0');
    writeFileSync(file, readFileSync(file).subarray(0, 100));

    expect(unpack(file).outcome).toBe('failed');
    expect(readdirSync(at('opt'))).toEqual([]);
  });

  describe('that would leave their folder', () => {
    const evil = (name: string): string => at(name);

    const expectRefused = (file: string, why: string): void => {
      const { outcome, detail } = unpack(file);

      expect([outcome, detail]).toEqual(['failed', expect.stringContaining(why)]);
      expect(readdirSync(at('opt'))).toEqual([]);
      expect(existsSync(evil('evil'))).toBe(false);
    };

    it('by an absolute name are refused', () => {
      writeFileSync(join(tree, 'x'), 'x');
      expectRefused(pack('bad.tar', '-P', `--transform=s,^x,${evil('evil')},`, 'x'), 'it holds an absolute name');
    });

    it('by .. are refused', () => {
      writeFileSync(join(tree, 'x'), 'x');
      expectRefused(pack('bad.tar', '-P', '--transform=s,^x,a/../../../evil,', 'x'), 'it holds a name that leads out');
    });

    it('by .. in a zip are refused', () => {
      writeFileSync(at('outside'), 'x');
      expectRefused(zip('bad.zip', tree, '../outside'), 'it holds a name that leads out');
    });

    it('by an absolute link are refused', () => {
      symlinkSync('/etc', join(tree, 'out'));
      expectRefused(pack('bad.tar', 'out'), 'it holds a link that leads out: out');
    });

    it('by a relative link are refused', () => {
      symlinkSync('a/../../..', join(tree, 'out'));
      mkdirSync(join(tree, 'a'));
      expectRefused(pack('bad.tar', 'a', 'out'), 'it holds a link that leads out: out');
    });

    it('by a link through a link are refused', () => {
      mkdirSync(join(tree, 'a/b'), { recursive: true });
      symlinkSync('../..', join(tree, 'a/b/top'));
      symlinkSync('a/b/top/..', join(tree, 'out'));
      expectRefused(pack('bad.tar', 'a', 'out'), 'it holds a link that leads out: out');
    });

    it('by a link in a zip are refused', () => {
      symlinkSync('../..', join(tree, 'out'));
      expectRefused(zip('bad.zip', tree, 'out'), 'it holds a link that leads out: out');
    });

    it('by a file behind a link are refused', () => {
      symlinkSync(runner.folder, join(tree, 'd'));
      writeFileSync(join(tree, 'x'), 'x');
      const file = pack('bad.tar', 'd');
      execFileSync('tar', ['-C', tree, '-rf', file, '--transform=s,^x,d/evil,', 'x']);
      expectRefused(file, 'it holds something behind a link: d/evil');
    });

    it('by a hard link link to nothing outside', () => {
      writeFileSync(at('outside'), 'mine');
      writeFileSync(join(tree, 'outside'), 'theirs');
      execFileSync('ln', [join(tree, 'outside'), join(tree, 'y')]);
      const file = pack('bad.tar', '-P', '--transform=s,^outside,../../outside,RSh', 'outside', 'y');

      const { outcome } = unpack(file);

      expect(outcome).toBe('changed');
      expect(readFileSync(at('opt/tool/y'), 'utf8')).toBe('theirs');
      expect(statSync(at('outside')).nlink).toBe(1);
    });

    it('by a line end in a name are refused', () => {
      writeFileSync(join(tree, 'a\nb'), 'x');
      expectRefused(pack('bad.tar', 'a\nb'), 'it holds a name with a line end');
    });

    it('by a pipe are refused', () => {
      execFileSync('mkfifo', [join(tree, 'pipe')]);
      expectRefused(pack('bad.tar', 'pipe'), 'it holds what is no file, folder or link: pipe');
    });
  });
});
