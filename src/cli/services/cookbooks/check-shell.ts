import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import PQueue from 'p-queue';
import type { LintFinding } from '../../../cookbook/lint/lint-finding.js';
import {
  SHELLCHECK_PASSED_OVER,
  shellcheckFinding,
  shellFinding,
  type ShellcheckComment,
} from '../../../cookbook/lint/shell-findings.js';
import type { ShellSnippet } from '../../../cookbook/lint/shell-snippets.js';

/** What the shells of this host say about shell text. */
export interface ShellVerdict {
  readonly findings: readonly LintFinding[];
  /** False where it is not installed. */
  readonly shellcheck: boolean;
}

/** Reads each snippet with `sh -n`, which runs nothing, and with shellcheck where it is there. */
export async function checkShell(snippets: readonly ShellSnippet[]): Promise<ShellVerdict> {
  const shellcheck = (await run(['shellcheck', '--version'], '')) !== null;
  const queue = new PQueue({ concurrency: availableParallelism() });
  const found = await queue.addAll(snippets.map((snippet) => () => checkSnippet(snippet, shellcheck)));
  return { findings: found.flat(), shellcheck };
}

async function checkSnippet(snippet: ShellSnippet, shellcheck: boolean): Promise<readonly LintFinding[]> {
  const read = await run(['sh', '-n'], snippet.text);
  if (read !== null && read.exitCode !== 0) return [shellFinding(snippet, read.stderr)];
  return shellcheck ? shellcheckFindings(snippet) : [];
}

async function shellcheckFindings(snippet: ShellSnippet): Promise<readonly LintFinding[]> {
  const options = [
    '--shell=sh',
    '--format=json1',
    '--severity=warning',
    `--exclude=${SHELLCHECK_PASSED_OVER.join(',')}`,
  ];
  const checked = await run(['shellcheck', ...options, '-'], snippet.text);
  const { comments } = JSON.parse(checked?.stdout ?? '{"comments":[]}') as { readonly comments: ShellcheckComment[] };
  return comments.map((comment) => shellcheckFinding(snippet, comment));
}

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program ended; null where there is none of that name. */
function run([program = '', ...args]: readonly string[], input: string): Promise<Ended | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe', env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(null);
      else reject(error);
    });
    // It may end before it has read all.
    child.stdin.once('error', () => undefined);
    child.stdin.end(input);
    child.once('close', (exitCode) => {
      resolve({ exitCode, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}
