import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

/** How a launcher ended. */
export interface LauncherResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A checkout of its own with the real launcher; npm, apt-get and the build are small programs that write down their calls. */
export interface LauncherSandbox {
  readonly root: string;
  /** Starts bin/bde, or the link that is named, in a folder that has nothing to do with the checkout. */
  run(
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
    program?: string,
  ): Promise<LauncherResult>;
  /** Puts a shell script before everything else on the PATH. */
  putCommand(name: string, script: string): Promise<void>;
  /** Arguments of each call of a command that wrote itself down, in order. */
  calls(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Native modules that really load, taken from this checkout: what `npm ci` would have made. */
const NPM = `echo "npm $*" >>"$SANDBOX/calls"
rm -rf node_modules && ln -s "${join(ROOT, 'node_modules')}" node_modules`;

const BUILD = `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { BUILD_STAMP, buildFingerprint } from './freshness.cjs';
appendFileSync(process.env.SANDBOX + '/calls', 'build\\n');
mkdirSync('dist', { recursive: true });
writeFileSync('dist/main.js', 'console.log("ran", process.argv.slice(2).join(" "))');
writeFileSync(BUILD_STAMP, buildFingerprint('.'));
`;

export async function openLauncherSandbox(): Promise<LauncherSandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'bde-launcher-'));
  const root = join(folder, 'check out');
  for (const path of ['bin', 'scripts', 'package.json', 'package-lock.json']) {
    await cp(join(ROOT, path), join(root, path), { recursive: true });
  }
  await mkdir(join(root, 'src'));
  await mkdir(join(folder, 'commands'));
  await writeFile(join(root, 'src/main.ts'), '');
  await writeFile(join(root, 'scripts/build.mjs'), BUILD);
  await writeFile(join(root, 'scripts/host-packages.txt'), '/bin/sh dash\n');
  await writeFile(join(folder, 'calls'), '');
  const sandbox: LauncherSandbox = {
    root,
    run: (args, environment = {}, program = join(root, 'bin/bde')) => start({ folder, program, args, environment }),
    putCommand: (name, script) => writeProgram(join(folder, 'commands', name), script),
    calls: async () => (await readFile(join(folder, 'calls'), 'utf8')).split('\n').filter((line) => line !== ''),
    close: () => rm(folder, { recursive: true, force: true }),
  };
  await sandbox.putCommand('npm', NPM);
  return sandbox;
}

/** A link to bin/bde from elsewhere. */
export async function linkLauncher(sandbox: LauncherSandbox): Promise<string> {
  const path = join(sandbox.root, '..', 'bde link');
  await symlink(join(sandbox.root, 'bin/bde'), path);
  return path;
}

async function writeProgram(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

function start(request: {
  readonly folder: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}): Promise<LauncherResult> {
  const path = `${join(request.folder, 'commands')}:${process.env['PATH'] ?? ''}`;
  const child = spawn(request.program, request.args, {
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: path, SANDBOX: request.folder, ...request.environment },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, ...output }));
  });
}
