import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { fillSecrets, secretToken } from '../../src/cookbook/secret-token.js';
import { Secret } from '../../src/errors/secret.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, SHELLS, type BodyResult } from './converge-support.js';
import { SYSTEMCTL } from './fake-systemctl.js';

const NAME = 'generated.demo.token';

describe.each(Object.entries(SHELLS))('a secret that changes, under %s', (_, shell) => {
  let runner: BodyRunner;

  beforeEach(() => {
    runner = new BodyRunner();
    mkdirSync(join(runner.folder, 'units'));
    mkdirSync(join(runner.folder, 'bin'));
    writeFileSync(join(runner.folder, 'bin/systemctl'), SYSTEMCTL, { mode: 0o755 });
    writeFileSync(join(runner.folder, 'units/web.service'), 'loaded active enabled no\n');
  });
  afterEach(() => runner.remove());

  /** A file that tells nobody, and the service beside it. */
  function run(token: string, before = ''): BodyResult {
    const recipe = `
  - file: ${runner.folder}/token
    mode: "0600"
    content: "{{attributes.token}}"
  - service: web
`;
    const cookbook = recipeCookbook(recipe, {
      'attributes.yaml': 'token: { type: string, secret: true, generate: { length: 8 } }\n',
    });
    const input = compileInput({ attributes: { demo: { token: secretToken(NAME) } } });
    const { script } = compileRun(input, [cookbook]);
    const filled = fillSecrets(script, new Map([[NAME, new Secret(token)]])).reveal();
    const path = `UNITS='${runner.folder}/units' PATH='${runner.folder}/bin':$PATH; export UNITS PATH`;
    return runner.run(filled, { shell, before: `${path}\n${before}` });
  }

  const restarts = (): number => {
    const asked = join(runner.folder, 'asked');
    if (!existsSync(asked)) return 0;
    return readFileSync(asked, 'utf8')
      .split('\n')
      .filter((line) => /^restart\b.*\bweb/.test(line)).length;
  };

  it('restarts the service once, and not again while it stays', () => {
    run('one-token');
    const laid = restarts();

    const changed = run('other-token');
    const again = run('other-token');

    expect(readFileSync(join(runner.folder, 'token'), 'utf8')).toBe('other-token');
    expect(changed.outcomes.at(-1)).toBe('restart service[web]: changed');
    expect(restarts() - laid).toBe(1);
    expect(again.outcomes.map((each) => each.split(': ')[1])).toEqual(['unchanged', 'unchanged']);
  });

  it('restarts it in the next run where a kill came between file and restart', () => {
    run('one-token');
    const laid = restarts();

    const killed = run(
      'other-token',
      'gates=0; bde_gate() { gates=$((gates + 1)); [ "$gates" -lt 3 ] || kill -9 $$; }',
    );
    const next = run('other-token');

    expect(killed.exitCode).toBeNull();
    expect(next.outcomes[0]).toBe(`file[${runner.folder}/token]: unchanged`);
    expect(restarts() - laid).toBe(1);
  });

  it('shows neither value', () => {
    const { stdout, stderr } = run('one-token');
    const changed = run('other-token');

    expect(stdout + stderr + changed.stdout + changed.stderr).not.toMatch(/one-token|other-token/);
  });
});
