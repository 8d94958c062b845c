import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PROGRAM = new URL('../../../rehearsal/rehearse.py', import.meta.url).pathname;
const COOKBOOKS = new URL('../../../cookbooks/', import.meta.url).pathname;

/** What `rehearse.py --check` made of its settings. */
export interface Checked {
  readonly exitCode: number | null;
  /** Flags by name, when they were accepted. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** The line on stderr, when they were refused. */
  readonly refusal: string;
}

/** Settings of one run. */
export interface Settings {
  readonly args?: readonly string[];
  readonly launcher?: string;
  /** Files below the root that the launcher reads. */
  readonly root?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Reads the flags of `cookbook/program` and ends; nothing listens, nothing connects. */
export function checkFlags(profile: string, settings: Settings = {}): Checked {
  const [cookbook, program] = profile.split('/');
  const path = `${COOKBOOKS}${String(cookbook)}/rehearsal/${String(program)}.json`;
  const { args = [], launcher = 'direct', root = '', environment = {} } = settings;
  const words = ['-s', PROGRAM, path, '--check', '--launcher', launcher, '--root', root, '--', ...args];
  const env = { PATH: '/usr/bin:/bin', PYTHONDONTWRITEBYTECODE: '1', ...environment };
  const result = spawnSync('/usr/bin/python3', words, { env, encoding: 'utf8' });
  const flags = result.status === 0 ? (JSON.parse(result.stdout) as Record<string, unknown>) : {};
  return { exitCode: result.status, flags, refusal: result.stderr.trim() };
}

/** A temporary folder with these files; the caller removes it. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'bde-rehearse-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}
