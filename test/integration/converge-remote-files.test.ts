import { createHash, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import type { CompileInput } from '../../src/cookbook/types.js';
import type { Mirror } from '../../src/engine/ports/mirror.js';
import type { ClusterId, Digest } from '../../src/errors/ids.js';
import { MirrorSandbox } from '../contract/mirror-sandbox.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, SHELLS } from './converge-support.js';

const CLUSTER = '01ARZ3NDEKTSV4RRFFQ69G5FAV' as ClusterId;
const REAL = { template: 'aa'.repeat(32) as Digest, rehearsal: false };
const BIG = randomBytes(400_000);
const user = process.getuid?.() ?? 0;
const group = process.getgid?.() ?? 0;
const allowed = (): Promise<void> => Promise.resolve();
const quiet = (): void => undefined;

const sumOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let sandbox: MirrorSandbox;
let mirror: Mirror;
let seen: NonNullable<CompileInput['mirror']>;
let tool: Buffer;

beforeAll(async () => {
  sandbox = await MirrorSandbox.make();
  await sandbox.write('repos/files/repo.yaml', 'formatVersion: 1\nsummary: Files\npackages: []\n');
  await sandbox.write('repos/files/files/big-1.0.bin', BIG);
  const content = await sandbox.write('tool-1.0/bin/tool', '#!/bin/sh\n');
  const archive = join(sandbox.projectRoot, 'repos/files/files/tool-1.0.tar.gz');
  execFileSync('tar', ['-C', join(content, '../../..'), '-czf', archive, 'tool-1.0']);
  tool = readFileSync(archive);
  mirror = sandbox.open();
  const { caCertificate } = await mirror.ensureTrust(allowed);
  const caPath = await sandbox.write('ca.pem', caCertificate);
  await mirror.publish(CLUSTER, await mirror.ensureRepo('files', REAL, allowed, quiet), allowed);
  const { url } = await mirror.ensureServing('127.0.0.1', allowed);
  seen = { url: `${url}/c/${CLUSTER}`, caPath, repos: [{ name: 'files', gpgKeyPath: '/nowhere' }] };
});
afterAll(() => sandbox.dispose());

describe.each(Object.entries(SHELLS))('files of the mirror under %s', (_, shell) => {
  let runner: BodyRunner;

  beforeEach(() => {
    runner = new BodyRunner();
    mkdirSync(at('opt'));
  });
  afterEach(() => {
    runner.remove();
  });

  const at = (name: string): string => join(runner.folder, name);
  const OWNED = `owner: "${user}"\n    group: "${group}"\n`;

  const run = (recipe: string, files: Readonly<Record<string, Buffer>> = {}, mode: 'apply' | 'check' = 'apply') => {
    const text = recipe.replaceAll('@', runner.folder).replaceAll('OWNED', OWNED);
    const compiled = compileRun(compileInput({ mirror: seen }), [recipeCookbook(text, files)]);
    const result = runner.run(compiled.script, { shell, mode });
    return { ...result, compiled, outcome: result.lines[0]?.outcome, detail: result.lines[0]?.detail };
  };
  const remote = (sum = sumOf(BIG), source = 'big-1.0.bin'): string =>
    `  - remote_file: "@/opt/big file"\n    repo: files\n    source: ${source}\n    sha256: ${sum}\n    mode: "0750"\n    OWNED`;
  const partOf = (sum: string): string => at(`opt/.bde-part-${sum}`);
  const served = (): readonly string[] =>
    readFileSync(join(sandbox.home, 'helper/access.log'), 'utf8').trimEnd().split('\n');

  it('are pulled once, with their mode', () => {
    const first = run(remote());
    const second = run(remote());

    expect([first.outcome, second.outcome, second.detaches]).toEqual(['changed', 'unchanged', 0]);
    expect(readFileSync(at('opt/big file')).equals(BIG)).toBe(true);
    expect(statSync(at('opt/big file')).mode & 0o777).toBe(0o750);
    expect(readdirSync(at('opt'))).toEqual(['big file']);
  });

  it('are pulled from where an earlier attempt was cut', () => {
    writeFileSync(partOf(sumOf(BIG)), BIG.subarray(0, 300_000));

    const { outcome } = run(remote());

    expect(outcome).toBe('changed');
    expect(readFileSync(at('opt/big file')).equals(BIG)).toBe(true);
    expect(served().at(-1)).toMatch(/ GET .*big-1\.0\.bin 206 100000 /);
  });

  it('are whole though what an earlier attempt left is longer', () => {
    writeFileSync(partOf(sumOf(BIG)), randomBytes(500_000));

    expect(run(remote()).outcome).toBe('changed');
    expect(readFileSync(at('opt/big file')).equals(BIG)).toBe(true);
  });

  it('are taken as they are where only the name was missing', () => {
    writeFileSync(partOf(sumOf(BIG)), BIG);
    const before = served().length;

    expect(run(remote()).outcome).toBe('changed');
    expect(served()).toHaveLength(before);
  });

  it('are never visible where their sum is another one, and leave nothing', () => {
    writeFileSync(at('opt/big file'), 'the old one');

    const { outcome, detail } = run(remote('b'.repeat(64)));

    expect([outcome, detail]).toEqual([
      'failed',
      `${seen.url}/files/files/big-1.0.bin has the sha256 ${sumOf(BIG)} instead of ${'b'.repeat(64)}`,
    ]);
    expect(readFileSync(at('opt/big file'), 'utf8')).toBe('the old one');
    expect(readdirSync(at('opt'))).toEqual(['big file']);
  });

  it('fail with what the mirror said where it has no such file', () => {
    const { outcome, detail } = run(remote(sumOf(BIG), 'nonsuch.bin'));

    expect([outcome, detail]).toEqual(['failed', expect.stringContaining('404')]);
    expect(readdirSync(at('opt'))).toEqual([]);
  });

  it('are unpacked where they are archives', () => {
    const recipe = `  - archive: "@/opt/tool"\n    repo: files\n    source: tool-1.0.tar.gz\n    sha256: ${sumOf(tool)}\n    strip_components: 1\n    OWNED`;

    expect([run(recipe).outcome, run(recipe).outcome]).toEqual(['changed', 'unchanged']);
    expect(readFileSync(at('opt/tool/bin/tool'), 'utf8')).toBe('#!/bin/sh\n');
    expect(readdirSync(at('opt'))).toEqual(['tool']);
  });

  it('are large files of cookbooks too, pulled by their sum', async () => {
    const recipe = '  - file: "@/opt/large"\n    source: large\n    OWNED';
    const { compiled } = run(recipe, { 'files/large': BIG }, 'check');
    await mirror.publishContents(CLUSTER, compiled.pulled, allowed);

    const result = run(recipe, { 'files/large': BIG });

    expect(compiled.script.length).toBeLessThan(20_000);
    expect([compiled.usesMirror, Object.keys(compiled.pulled)]).toEqual([true, [sumOf(BIG)]]);
    expect(result.outcome).toBe('changed');
    expect(readFileSync(at('opt/large')).equals(BIG)).toBe(true);
    expect(served().at(-1)).toContain(`/_content/${sumOf(BIG)} 200 400000 `);
    await mirror.publish(CLUSTER, [], allowed);
    rmSync(at('opt/large'));
    expect(run(recipe, { 'files/large': BIG }).outcome).toBe('failed');
    expect(existsSync(at('opt/large'))).toBe(false);
    await mirror.publish(CLUSTER, await mirror.ensureRepo('files', REAL, allowed, quiet), allowed);
  });
});

describe('files of a repo', () => {
  it('make another snapshot where one of them changes', async () => {
    const [before] = await mirror.ensureRepo('files', REAL, allowed, quiet);
    await sandbox.write('repos/files/files/more.txt', 'more\n');

    const [after] = await mirror.ensureRepo('files', REAL, allowed, quiet);
    rmSync(join(sandbox.projectRoot, 'repos/files/files/more.txt'));
    const [again] = await mirror.ensureRepo('files', REAL, allowed, quiet);

    expect(after?.snapshot).not.toBe(before?.snapshot);
    expect(again?.snapshot).toBe(before?.snapshot);
    expect(after).toMatchObject({ packages: [], sources: ['files'] });
  });
});
