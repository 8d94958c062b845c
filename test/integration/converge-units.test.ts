import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import type { CompileInput } from '../../src/cookbook/types.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, SHELLS } from './converge-support.js';
import { SYSTEMCTL } from './fake-systemctl.js';

const RPM = '#!/bin/sh\necho "rpm $*" >>"$UNITS/../asked"\ncat "$UNITS/../rpms" 2>/dev/null\n';

describe.each(Object.entries(SHELLS))('services and packages under %s', (_, shell) => {
  let runner: BodyRunner;

  beforeEach(() => {
    runner = new BodyRunner();
    mkdirSync(join(runner.folder, 'units'));
    mkdirSync(join(runner.folder, 'bin'));
    writeFileSync(join(runner.folder, 'bin/systemctl'), SYSTEMCTL, { mode: 0o755 });
    writeFileSync(join(runner.folder, 'bin/journalctl'), '#!/bin/sh\necho why it died\n', { mode: 0o755 });
    writeFileSync(join(runner.folder, 'bin/rpm'), RPM, { mode: 0o755 });
    writeFileSync(join(runner.folder, 'bin/dnf'), '#!/bin/sh\n', { mode: 0o755 });
  });
  afterEach(() => {
    runner.remove();
  });

  const setUnit = (name: string, state: string) => writeFileSync(join(runner.folder, 'units', name), `${state}\n`);
  const unit = (name: string) => readFileSync(join(runner.folder, 'units', name), 'utf8').trim();
  const asked = () =>
    readFileSync(join(runner.folder, 'asked'), 'utf8')
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('show'));
  const run = (resources: string, options: { mode?: 'check'; input?: Partial<CompileInput> } = {}) => {
    const cookbook = recipeCookbook(resources.replaceAll('@', runner.folder));
    const { script } = compileRun(compileInput(options.input), [cookbook]);
    const before = `PATH=${runner.folder}/bin:$PATH; export UNITS=${runner.folder}/units`;
    return runner.run(script, { shell, before, ...(options.mode && { mode: options.mode }) });
  };

  it('start and enable what is stopped, once', () => {
    setUnit('a.service', 'loaded inactive disabled no');

    const [first, second] = [run('  - service: a\n'), run('  - service: a\n')];

    expect(first.lines[0]).toMatchObject({
      outcome: 'changed',
      detail: 'disabled instead of enabled, inactive instead of running',
    });
    expect(second.outcomes).toEqual(['service[a]: unchanged']);
    expect(unit('a.service')).toBe('loaded active enabled no');
  });

  it('stop and disable what is not wanted', () => {
    setUnit('a.service', 'loaded active enabled no');

    run('  - service: a\n    state: stopped\n');

    expect(unit('a.service')).toBe('loaded inactive disabled no');
  });

  it('mask what nothing may start, and unmask what is wanted again', () => {
    setUnit('a.service', 'loaded active enabled no');
    const masked = '  - service: a\n    state: masked\n';

    const foretold = run(masked, { mode: 'check' });
    const [first, second] = [run(masked), run(masked)];
    const wanted = run('  - service: a\n');

    expect(foretold.lines[0]).toMatchObject({
      outcome: 'would-change',
      detail: 'enabled instead of disabled, active instead of masked',
    });
    expect([first.lines[0]?.outcome, second.lines[0]?.outcome]).toEqual(['changed', 'unchanged']);
    expect(wanted.lines[0]).toMatchObject({ outcome: 'changed', detail: 'masked instead of running' });
    expect(unit('a.service')).toBe('loaded active enabled no');
    expect(asked()).toEqual([
      'mask --now -- a.service',
      'unmask -- a.service',
      'enable -- a.service',
      'start -- a.service',
    ]);
  });

  it('look at all units in one go', () => {
    for (const name of ['a', 'b', 'c']) setUnit(`${name}.service`, 'loaded active enabled no');

    const { outcomes } = run('  - service: a\n  - service: b\n  - service: c\n');

    expect(outcomes).toEqual(['service[a]: unchanged', 'service[b]: unchanged', 'service[c]: unchanged']);
    expect(readFileSync(join(runner.folder, 'asked'), 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('forget earlier failures of a unit before it is started', () => {
    setUnit('a.service', 'loaded failed enabled no');

    run('  - service: a\n');

    expect(asked()).toEqual(['reset-failed -- a.service', 'start -- a.service']);
  });

  it('say what the journal says of a unit that does not start', () => {
    setUnit('a.service', 'loaded inactive enabled no');
    writeFileSync(join(runner.folder, 'broken'), '');

    expect(run('  - service: a\n').lines[0]).toMatchObject({
      outcome: 'failed',
      detail: 'Job for a.service failed.\nwhy it died',
    });
  });

  it('fail where there is no such unit, in a check too', () => {
    expect(run('  - service: a\n', { mode: 'check' }).lines[0]).toMatchObject({
      outcome: 'failed',
      detail: 'there is no unit a.service',
    });
  });

  const NOTIFIED = '  - file: @/conf\n    content: x\n    notify: restart service[a]\n  - service: a\n';

  it('need no restart where they were started after the change', () => {
    setUnit('a.service', 'loaded inactive enabled no');

    const foretold = run(NOTIFIED, { mode: 'check' });
    const { outcomes } = run(NOTIFIED);

    expect(foretold.outcomes).toHaveLength(2);
    expect(outcomes).toEqual([`file[${runner.folder}/conf]: changed`, 'service[a]: changed']);
    expect(asked()).toEqual(['start -- a.service']);
  });

  it('restart where they were running', () => {
    setUnit('a.service', 'loaded active enabled no');

    const { outcomes } = run(NOTIFIED);

    expect(outcomes.at(-1)).toBe('restart service[a]: changed');
    expect(asked()).toEqual(['restart -- a.service']);
  });

  it('read unit files again before they are restarted', () => {
    setUnit('a.service', 'loaded active enabled yes');

    run(NOTIFIED);

    expect(asked()).toEqual(['daemon-reload', 'restart -- a.service']);
  });

  it('are restarted when another version of a package came, and not for the same again', () => {
    setUnit('a.service', 'loaded active enabled no');
    const resources = '  - package: p\n    notify: restart service[a]\n  - service: a\n';
    const versions = ['1', '1', '2'].map((version) => {
      writeFileSync(join(runner.folder, 'rpms'), `p\t0:${version}-1.noarch\n`);
      return run(resources, { input: { lockedPackages: { p: `p-${version}-1.noarch` } } });
    });

    expect(versions.map(({ lines }) => lines[0]?.outcome)).toEqual(['changed', 'unchanged', 'changed']);
    expect(versions.map(({ lines }) => lines.at(-1)?.resource)).toEqual([
      'restart service[a]',
      'service[a]',
      'restart service[a]',
    ]);
  });

  it('fail where a package is not there in its locked version', () => {
    writeFileSync(join(runner.folder, 'rpms'), 'package p is not installed\n');
    const input = { lockedPackages: { p: 'p-2-1.noarch' } };

    const missing = run('  - package: p\n', { input });
    writeFileSync(join(runner.folder, 'rpms'), 'p\t0:1-1.noarch\n');
    const old = run('  - package: p\n', { input });
    const foretold = run('  - package: p\n', { input, mode: 'check' });

    expect(missing.lines[0]).toMatchObject({ outcome: 'failed', detail: 'p is not installed' });
    expect(old.lines[0]).toMatchObject({ outcome: 'failed', detail: 'p is 0:1-1.noarch instead of 0:2-1.noarch' });
    expect(foretold.lines[0]?.outcome).toBe('unknown');
  });
});
