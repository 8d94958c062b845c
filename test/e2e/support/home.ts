import { existsSync, realpathSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { entrustHome } from './entrust-home.js';
import { dataFolders, expectNoTraces, keyedHome, type KeyedHome } from './host-traces.js';
import type { Project } from './project.js';
import { startProgram, type Ended, type Running } from './running.js';

type Environment = Readonly<Record<string, string>>;

/** A `$BDE_HOME` of a test's own, with the identity beside it, and the program that works on it. */
export interface Home extends KeyedHome {
  readonly folder: string;
  readonly project: Project;
  start(argv: readonly string[], env?: Environment): Running;
  run(argv: readonly string[], env?: Environment): Promise<Ended>;
  /** Runs a command that must end with 0, and gives what its `--json` printed. */
  json<Document>(argv: readonly string[], env?: Environment): Promise<Document>;
  /** Deletes its clusters, and fails where anything of it is left on the host. Removes all of it in any case. */
  dispose(): Promise<void>;
}

/** Makes a home with nothing in it. */
export async function newHome(project: Project): Promise<Home> {
  const folder = realpathSync(await mkdtemp(join(tmpdir(), 'bde-e2e-home-')));
  const { path, key } = keyedHome(join(folder, 'home'));
  const started: Running[] = [];
  const start: Home['start'] = (argv, env = {}) => {
    const running = startProgram([process.execPath, project.main, ...argv], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        BDE_HOME: path,
        BDE_IDENTITY: join(folder, 'identity'),
        ...env,
      },
    });
    started.push(running);
    return running;
  };
  const home: Omit<Home, 'dispose'> = {
    folder,
    path,
    key,
    project,
    start,
    run: (argv, env) => start(argv, env).ended,
    async json<Document>(argv: readonly string[], env?: Environment) {
      const ended = await start([...argv, '--json'], env).ended;
      expect(ended.exitCode, `bde ${argv.join(' ')}: ${ended.stdout}${ended.stderr}`).toBe(0);
      return JSON.parse(ended.stdout) as Document;
    },
  };
  const caretaker = entrustHome(home);
  return {
    ...home,
    dispose: async () => {
      await endAll(started);
      await disposeHome(home);
      await caretaker.release();
    },
  };
}

/** Commands that a failed test left running; a frozen one has to wake to die. */
async function endAll(started: readonly Running[]): Promise<void> {
  for (const running of started.filter((each) => each.isRunning())) {
    running.kill('SIGKILL');
    await running.ended;
  }
}

async function disposeHome(home: Omit<Home, 'dispose'>): Promise<void> {
  try {
    if (existsSync(home.path)) await deleteClusters(home);
    await expectNoTraces(home, 'what deleting all clusters left on the host');
  } finally {
    // Where the product left something, the host must not keep it.
    if (existsSync(home.path)) await home.run(['doctor', '--fix', '--destroy-unknown', '--yes']);
    if (existsSync(home.path)) await home.run(['repo', 'stop']);
    for (const data of dataFolders(home)) await rm(data, { recursive: true, force: true });
    await rm(home.folder, { recursive: true, force: true });
  }
}

async function deleteClusters(home: Omit<Home, 'dispose'>): Promise<void> {
  const { clusters } = await home.json<{ clusters: { name: string }[] }>(['cluster', 'list']);
  for (const { name } of clusters) {
    const deleted = await home.run(['cluster', 'delete', name, '--yes']);
    expect(deleted.exitCode, `delete of ${name}: ${deleted.stdout}${deleted.stderr}`).toBe(0);
  }
}
