import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, SHELLS } from './converge-support.js';

const user = process.getuid?.() ?? 0;
const group = process.getgid?.() ?? 0;

describe.each(Object.entries(SHELLS))('a folder with nothing else in it, under %s', (_, shell) => {
  let runner: BodyRunner;
  let folder: string;
  let script: string;

  beforeEach(() => {
    runner = new BodyRunner();
    folder = join(runner.folder, 'flags');
    const recipe = [
      `  - directory: ${folder}`,
      '    only: [port, address]',
      `    owner: "${String(user)}"`,
      `    group: "${String(group)}"`,
    ].join('\n');
    script = compileRun(compileInput(), [recipeCookbook(`${recipe}\n`)]).script;
  });

  afterEach(() => {
    runner.remove();
  });

  function fill(): void {
    mkdirSync(join(folder, 'attributes'), { recursive: true });
    writeFileSync(join(folder, 'attributes', 'rack'), 'r1');
    for (const name of ['port', 'port.rpmnew', "a 'strange' $name", '?switch']) writeFileSync(join(folder, name), 'x');
    symlinkSync('/nowhere', join(folder, 'dangling'));
  }

  it('loses what is not named, and keeps folders', () => {
    fill();

    const first = runner.run(script, { shell });
    const second = runner.run(script, { shell });

    expect(first.outcomes).toEqual([`directory[${folder}]: changed`]);
    expect(readdirSync(folder).sort()).toEqual(['attributes', 'port']);
    expect(readdirSync(join(folder, 'attributes'))).toEqual(['rack']);
    expect(second.outcomes).toEqual([`directory[${folder}]: unchanged`]);
  });

  it('loses nothing in a check, which says that it would', () => {
    fill();

    const checked = runner.run(script, { shell, mode: 'check' });

    expect(checked.outcomes).toEqual([`directory[${folder}]: would-change`]);
    expect(checked.lines[0]?.detail).toMatch(/ does not belong there$/);
    expect(readdirSync(folder)).toHaveLength(6);
  });

  it('is made where it is not there', () => {
    expect(runner.run(script, { shell }).outcomes).toEqual([`directory[${folder}]: changed`]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
