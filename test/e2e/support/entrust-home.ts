import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { dataFolders } from './host-traces.js';
import type { Home } from './home.js';

const CARETAKER = fileURLToPath(new URL('caretaker.mjs', import.meta.url));

/** Someone who removes a home when nobody else can. */
export interface Caretaker {
  /** The home was disposed of: nothing is left to do. */
  release(): Promise<void>;
  /** What the death of this process does: resolves once the home is gone. */
  abandon(): Promise<void>;
}

/** Sees to it that the machines of a home go also where this process is killed. */
export function entrustHome(entrusted: Omit<Home, 'dispose'>): Caretaker {
  const { project, folder, path } = entrusted;
  const stdio = ['pipe', 'ignore', 'ignore'] as const;
  const child = spawn(process.execPath, [CARETAKER], { cwd: '/', stdio: [...stdio], detached: true });
  child.unref();
  child.stdin.write(`${JSON.stringify({ main: project.main, folder, home: path, data: dataFolders(entrusted) })}\n`);
  const ended = once(child, 'exit');
  return {
    release: async () => {
      child.stdin.end('released');
      await ended;
    },
    abandon: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
