import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { fillSecrets } from '../../src/cookbook/secret-token.js';
import { Secret } from '../../src/errors/secret.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, SHELLS, type BodyOptions, type BodyResult } from './converge-support.js';

const KEY_SECRET = 'certificate-key/c-zk-0';

/** What one node shows in a round of certificates. */
interface Round {
  readonly authorities: string;
  readonly certificate: string;
  readonly key: string;
}

const FIRST: Round = { authorities: 'authority 1\n', certificate: 'certificate 1\n', key: 'key 1\n' };
const SECOND: Round = { authorities: 'authority 1\n', certificate: 'certificate 2\n', key: 'key 2\n' };
const TRUSTING: Round = { ...SECOND, authorities: `authority 1\nauthority 2\n${'-'.repeat(2000)}\n` };

describe.each(Object.entries(SHELLS))('node_certificate under %s', (_, shell) => {
  let runner: BodyRunner;
  let folder: string;

  beforeEach(() => {
    runner = new BodyRunner();
    folder = join(runner.folder, 'tls');
  });
  afterEach(() => {
    runner.remove();
  });

  function run(round: Round | null, options: BodyOptions = {}): BodyResult {
    const owner = `    owner: "${String(process.getuid?.())}"\n    group: "${String(process.getgid?.())}"\n`;
    const recipe = `
  - node_certificate: ${folder}
${owner}    notify: run execute[reload]
  - execute: reload
    command: cat ${folder}/node.crt >>${runner.folder}/reloads
    notified_only: true
`;
    const certificate = round === null ? {} : { certificate: { ...round, keySecret: KEY_SECRET } };
    const { script, contents } = compileRun(compileInput(certificate), [recipeCookbook(recipe)]);
    const filled = fillSecrets(script, new Map([[KEY_SECRET, new Secret(round?.key ?? '')]])).reveal();
    return runner.run(filled, { shell, contents, ...options });
  }

  const laid = () => ['ca.crt', 'node.crt', 'node.key'].map((name) => readFileSync(join(folder, name), 'utf8'));
  const reloads = () => {
    const file = join(runner.folder, 'reloads');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };

  it('lays all three with their modes, tells once, and then finds all as it should be', () => {
    const [first, second] = [run(FIRST), run(FIRST)];

    expect(first.outcomes[0]).toBe(`node_certificate[${folder}]: changed`);
    expect(second.outcomes).toEqual([`node_certificate[${folder}]: unchanged`, 'execute[reload]: unchanged']);
    expect(laid()).toEqual([FIRST.authorities, FIRST.certificate, FIRST.key]);
    const modes = ['ca.crt', 'node.crt', 'node.key'].map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(modes).toEqual([0o644, 0o644, 0o640]);
    expect(reloads()).toEqual(['certificate 1']);
  });

  it('tells of each other certificate and of each other list of authorities', () => {
    run(FIRST);
    run(SECOND);
    run(TRUSTING);

    expect(laid()).toEqual([TRUSTING.authorities, TRUSTING.certificate, TRUSTING.key]);
    expect(reloads()).toEqual(['certificate 1', 'certificate 2', 'certificate 2']);
  });

  it('tells of a certificate that somebody else has laid already', () => {
    run(FIRST);
    writeFileSync(join(folder, 'node.crt'), SECOND.certificate);
    writeFileSync(join(folder, 'node.key'), SECOND.key);

    const { lines } = run(SECOND);

    expect(lines[0]).toMatchObject({ outcome: 'changed', detail: 'another one than this role saw last' });
    expect(reloads()).toEqual(['certificate 1', 'certificate 2']);
  });

  it('brings back what was spoilt, and shows of no key how it differed', () => {
    run(FIRST);
    writeFileSync(join(folder, 'node.key'), 'spoilt\n');

    const checked = run(FIRST, { mode: 'check' });
    const mended = run(FIRST);

    expect(checked.outcomes[0]).toBe(`node_certificate[${folder}]: would-change`);
    expect(mended.lines[0]).toMatchObject({ outcome: 'changed', detail: 'node.key: content' });
    expect(laid()[2]).toBe(FIRST.key);
    for (const text of [checked.stdout, mended.stdout]) expect(text).not.toMatch(/spoilt|key 1/);
  });

  it('lays nothing where none was made yet, and cannot know in a check', () => {
    const [checked, applied] = [run(null, { mode: 'check' }), run(null)];

    expect(checked.outcomes[0]).toBe(`node_certificate[${folder}]: unknown`);
    expect(applied.lines[0]).toMatchObject({
      outcome: 'failed',
      detail: 'no certificate was made for this node yet',
    });
    expect(existsSync(folder)).toBe(false);
  });

  it('says so where its folder cannot be made', () => {
    mkdirSync(join(folder, '..'), { recursive: true });
    writeFileSync(folder, 'a file');

    expect(run(FIRST).outcomes[0]).toBe(`node_certificate[${folder}]: failed`);
  });
});
