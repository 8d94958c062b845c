import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionScripts } from '../../../src/cli/completion-scripts.js';
import { MANIFEST, TOPICS } from '../../unit/cli/completion/sample-manifest.js';

const run = promisify(execFile);

let folder: string;
let script: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-completion-'));
  const topics = Object.entries(TOPICS).map(([name, description]) => [name, { description }] as const);
  script = join(folder, 'bde.bash');
  await writeFile(script, completionScripts(MANIFEST, Object.fromEntries(topics))['bde.bash'] ?? '');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What bash offers for a line that ends in the last word. */
async function offered(...words: string[]): Promise<readonly string[]> {
  const given = ['bde', ...words].map((word) => `'${word}'`).join(' ');
  const program = `. ${script}; COMP_WORDS=(${given}); COMP_CWORD=${words.length}; _bde; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['-u', '-c', program], { cwd: folder });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('the completion of bash', () => {
  it('offers topics and commands first', async () => {
    expect(await offered('')).toEqual(['cluster', 'spec', 'completion', '--help', '--version']);
  });

  it('goes by what was typed', async () => {
    expect(await offered('c')).toEqual(['cluster', 'completion']);
  });

  it('offers the commands of a topic', async () => {
    expect(await offered('cluster', '')).toEqual(['create', 'list', '--help']);
  });

  it('offers the flags of a command', async () => {
    expect(await offered('cluster', 'create', '--')).toEqual(['--plan', '--spec', '--help']);
  });

  it('offers files as the value of a flag', async () => {
    expect(await offered('cluster', 'create', '--spec', 'bde')).toEqual(['bde.bash']);
  });

  it('offers what an argument may be', async () => {
    expect(await offered('completion', '')).toEqual(['bash', 'zsh']);
  });

  it('offers no commands for a word that is no topic', async () => {
    expect(await offered('wurst', '--x')).toEqual([]);
  });
});

describe('every completion script', () => {
  it('quotes what people write in summaries', () => {
    const scripts = completionScripts(MANIFEST, { cluster: { description: "that's all" } });

    expect(scripts['bde.zsh']).toContain(`'cluster:that'\\''s all'`);
    expect(scripts['bde.zsh']).toContain(`'--plan[Show what would be done, don'\\''t do it]'`);
    expect(scripts['bde.zsh']).toContain(`'--spec=[VENDOR/FLAVOUR \\[of the map\\]]: :_files'`);
    expect(scripts['bde.fish']).toContain(`-d 'that\\'s all'`);
  });
});
