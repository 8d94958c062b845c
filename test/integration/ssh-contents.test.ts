import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { fillSecrets, secretToken } from '../../src/cookbook/secret-token.js';
import type { CompiledRun } from '../../src/cookbook/types.js';
import type { RunId } from '../../src/errors/ids.js';
import { Secret } from '../../src/errors/secret.js';
import type { RunRequest } from '../../src/engine/ports/nodes.js';
import type { KeptConnection } from '../../src/ssh/kept-connection.js';
import type { NodeShell } from '../../src/ssh/node-shell.js';
import { runOnNode } from '../../src/ssh/run-on-node.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import {
  makeLocalShells,
  namesIn,
  requestLocalRun,
  SHELLS,
  type LocalShells,
  type ShellName,
} from './ssh-local-shell.js';

const user = process.getuid?.() ?? 0;
const group = process.getgid?.() ?? 0;
const LARGE = Buffer.from(Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 256));

describe.each(Object.keys(SHELLS) as ShellName[])('contents of a run under %s', (name) => {
  let shells: LocalShells;
  let shell: NodeShell;
  let sent: number[];
  let runs = 0;

  beforeEach(async () => {
    shells = await makeLocalShells(name);
    shell = await shells.open();
    sent = [];
  });
  afterEach(async () => {
    shell.close();
    await shells.dispose();
  });

  const target = () => join(shells.root, 'etc');
  const conf = () => join(target(), 'large.bin');

  const compile = (resources: string): CompiledRun => {
    const owned = resources
      .replaceAll('TARGET', target())
      .replaceAll('OWNED', `owner: "${user}"\n    group: "${group}"`);
    return compileRun(compileInput({ secretMac: () => 'mac' }), [recipeCookbook(owned, { 'files/large': LARGE })]);
  };
  const ONE_FILE = '  - directory: TARGET\n    OWNED\n  - file: TARGET/large.bin\n    source: large\n    OWNED\n';

  /** Runs on the one shell, and notes how many bytes each exchange brought to the node. */
  const run = async (compiled: CompiledRun, change: Partial<RunRequest> = {}, secrets = new Map<string, Secret>()) => {
    const counting: NodeShell = {
      ...shell,
      exchange: (request) => {
        sent.push(request.payload?.length ?? 0);
        return shell.exchange(request);
      },
    };
    const connection: KeptConnection = {
      use: (_, work) => work(counting),
      repeat: (work) => work(counting, 1),
      close: () => undefined,
    };
    const lines: string[] = [];
    runs += 1;
    const request = requestLocalRun({
      runId: `01RUN${String(runs)}` as RunId,
      script: fillSecrets(compiled.script, secrets),
      sharedLength: compiled.sharedLength,
      contents: compiled.contents,
      ...change,
    });
    const end = await runOnNode(connection, {
      node: 'local',
      runId: request.runId,
      request,
      lockSeconds: 5,
      onLine: (line) => lines.push(line),
      signal: new AbortController().signal,
    });
    return { end, outcomes: lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome) };
  };

  it('are sent when the node asks for them, and laid as they are', async () => {
    const { end, outcomes } = await run(compile(ONE_FILE));

    expect(end).toMatchObject({ state: 'exited', exitCode: 0 });
    expect(outcomes).toEqual(['changed', 'changed']);
    expect((await readFile(conf())).equals(LARGE)).toBe(true);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toBeGreaterThan(LARGE.length);
  });

  it('are not sent where nothing is to do: one exchange of less than 2 KiB', async () => {
    const compiled = compile(ONE_FILE);
    await run(compiled);
    sent.length = 0;

    const { outcomes } = await run(compiled);

    expect(outcomes).toEqual(['unchanged', 'unchanged']);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toBeLessThan(2048);
  });

  it('are not sent where only a mode differs', async () => {
    const compiled = compile(ONE_FILE);
    await run(compiled);
    await chmod(conf(), 0o600);
    sent.length = 0;

    const { outcomes } = await run(compiled);

    expect(outcomes).toEqual(['unchanged', 'changed']);
    expect(sent).toHaveLength(1);
    expect((await stat(conf())).mode & 0o777).toBe(0o644);
  });

  it('are gone from the node once the run has ended', async () => {
    await run(compile(ONE_FILE));

    const [id = ''] = await namesIn(join(shells.dir, 'runs'));
    expect(await namesIn(join(shells.dir, 'runs', id))).toEqual(['err', 'exit', 'out', 'pid', 'run']);
  });

  it('are sent to a check only where it shows what would change', async () => {
    const compiled = compile(ONE_FILE);
    await run(compiled);
    await writeFile(conf(), 'other\n');
    sent.length = 0;

    const { outcomes } = await run(compiled, { mode: 'check' });

    expect(outcomes).toEqual(['unchanged', 'would-change']);
    expect(sent).toHaveLength(2);
    expect(await readFile(conf(), 'utf8')).toBe('other\n');
  });

  it('fail clearly where the run itself spoils what was right when it began', async () => {
    const compiled = compile(
      ONE_FILE.replace(
        '  - file',
        '  - execute: spoil\n    command: echo spoilt >TARGET/large.bin\n    not_if: "! test -e TARGET/spoil"\n  - file',
      ),
    );
    await run(compiled);
    await writeFile(join(target(), 'spoil'), '');

    const { outcomes } = await run(compiled);
    await rm(join(target(), 'spoil'));
    const after = await run(compiled);

    expect(outcomes).toEqual(['unchanged', 'changed', 'failed']);
    expect(after.outcomes.at(-1)).toBe('changed');
    expect((await readFile(conf())).equals(LARGE)).toBe(true);
  });

  it('travel in the script where they hold a secret, which never lies on disk beyond its file', async () => {
    const filler = 'x'.repeat(3000);
    const compiled = compile(
      `  - directory: TARGET\n    OWNED\n  - template: TARGET/secret\n    content: "${filler}${secretToken('pass')}"\n    mode: "0600"\n    OWNED\n`,
    );

    await run(compiled, {}, new Map([['pass', new Secret('hunter2hunter2')]]));

    expect(compiled.contents).toEqual({});
    expect(await readFile(join(target(), 'secret'), 'utf8')).toBe(`${filler}hunter2hunter2`);
    for (const file of await namesIn(join(shells.root, 'run/bde-shared'))) {
      expect(await readFile(join(shells.root, 'run/bde-shared', file), 'utf8')).not.toContain('hunter2');
    }
    expect(sent).toHaveLength(1);
  });

  it('keep what scripts have in common on the node under its own sum', async () => {
    await run(compile(ONE_FILE));

    const folder = join(shells.root, 'run/bde-shared');
    const [sum = ''] = await namesIn(folder);
    const text = await readFile(join(folder, sum));
    expect(createHash('sha256').update(text).digest('hex')).toBe(sum);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('are sent again where the node lost what it had kept', async () => {
    const compiled = compile(ONE_FILE);
    await run(compiled);
    const folder = join(shells.root, 'run/bde-shared');
    await rm(folder, { recursive: true });
    await mkdir(folder, { mode: 0o700 });
    sent.length = 0;

    const { end } = await run(compiled);

    expect(end).toMatchObject({ state: 'exited', exitCode: 0 });
    expect(sent).toHaveLength(2);
  });
});
