import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, SHELLS } from './converge-support.js';

describe.each(Object.entries(SHELLS))('what is to be absent under %s', (_, shell) => {
  let runner: BodyRunner;

  beforeEach(() => {
    runner = new BodyRunner();
    mkdirSync(path('full'));
    writeFileSync(path('full/file'), 'x');
    mkdirSync(path('empty'));
    symlinkSync('full', path('link'));
  });
  afterEach(() => {
    runner.remove();
  });

  const path = (name: string) => join(runner.folder, name);

  /** Outcome and detail in a check, in a run, and in a run after it. */
  const converge = (resource: object) => {
    const yaml = `  - ${JSON.stringify(resource).replaceAll('@/', `${runner.folder}/`)}\n`;
    const { script } = compileRun(compileInput(), [recipeCookbook(yaml)]);
    const told = (mode: 'apply' | 'check') =>
      runner.run(script, { shell, mode }).lines.map(({ outcome, detail }) => [outcome, detail])[0];
    return [told('check'), told('apply'), told('apply')];
  };
  const GONE = [
    ['would-change', 'is there'],
    ['changed', 'is there'],
    ['unchanged', undefined],
  ];
  const refused = (detail: string) => Array<readonly string[]>(3).fill(['failed', detail]);

  it('goes where it is a file', () => {
    expect(converge({ file: '@/full/file', state: 'absent' })).toEqual(GONE);
    expect(readdirSync(path('full'))).toEqual([]);
  });

  it('goes where it is a link, and what that leads to stays', () => {
    expect(converge({ link: '@/link', state: 'absent' })).toEqual(GONE);
    expect(readdirSync(path('full'))).toEqual(['file']);
  });

  it('goes where it is an empty folder', () => {
    expect(converge({ directory: '@/empty', state: 'absent' })).toEqual(GONE);
    expect(existsSync(path('empty'))).toBe(false);
  });

  it('stays where it is a folder that is not empty', () => {
    expect(converge({ directory: '@/full', state: 'absent' })).toEqual(
      refused(`${path('full')} is not empty; \`force: true\` would take away what is in it, too`),
    );
    expect(readdirSync(path('full'))).toEqual(['file']);
  });

  it('goes with all that is in it by force', () => {
    expect(converge({ directory: '@/full', state: 'absent', force: true })).toEqual(GONE);
    expect(existsSync(path('full'))).toBe(false);
  });

  it.each([
    [{ file: '@/full', state: 'absent' }, 'full', 'is no file'],
    [{ link: '@/full/file', state: 'absent' }, 'full/file', 'is no link'],
    [{ link: '@/full', state: 'absent' }, 'full', 'is no link'],
    [{ directory: '@/link', state: 'absent', force: true }, 'link', 'is no directory'],
    [{ directory: '@/full/file', state: 'absent', force: true }, 'full/file', 'is no directory'],
  ])('stays where it is something else: %o', (resource, name, said) => {
    expect(converge(resource)).toEqual(refused(`${path(name)} ${said}`));
    expect(lstatSync(path(name)).isFile() || existsSync(path('full/file'))).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)('gives a folder and all below it to its owner, and follows no link', () => {
    mkdirSync(path('full/deep'));
    writeFileSync(path('full/deep/file'), 'x');
    symlinkSync('../../empty', path('full/deep/out'));
    const tree = { directory: '@/full', owner: '1234', group: '4321', recursive: true };

    const [foretold, first, second] = converge(tree);
    chownSync(path('full/deep/file'), 0, 4321);
    const [, repaired, again] = converge(tree);

    expect([foretold?.[0], first?.[0], second?.[0]]).toEqual(['would-change', 'changed', 'unchanged']);
    expect([repaired, again?.[0]]).toEqual([['changed', `${path('full/deep/file')} is another's`], 'unchanged']);
    expect(statSync(path('full/deep/file')).uid).toBe(1234);
    expect(lstatSync(path('full/deep/out')).gid).toBe(4321);
    expect(statSync(path('empty')).uid).toBe(0);
  });
});
