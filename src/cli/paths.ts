import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { BdeError } from '../errors/bde-error.js';

/** Where one bde home keeps its things. */
export interface HomePaths {
  readonly home: string;
  readonly store: string;
  readonly mirror: string;
  readonly ssh: string;
  /** Where backups of clusters are kept that were not sent elsewhere. */
  readonly backups: string;
  /** 8 hex digits from the home's path: names what the home makes on its host, and survives the loss of the home. */
  readonly homeKey: string;
}

/**
 * `$BDE_HOME` (empty counts as not set), else `/var/lib/bde` for root and `~/.local/share/bde` for others; made where it is not there.
 *
 * @throws BdeError `STORE_UNUSABLE` where it cannot be made
 */
export function homePaths(): HomePaths {
  const asked = process.env['BDE_HOME'];
  const home = ensureFolder(asked === undefined || asked === '' ? defaultHome() : asked);
  return {
    home,
    store: join(home, 'store.sqlite'),
    mirror: join(home, 'mirror'),
    ssh: join(home, 'ssh'),
    backups: join(home, 'backups'),
    homeKey: createHash('sha256').update(home).digest('hex').slice(0, 8),
  };
}

function defaultHome(): string {
  return process.getuid?.() === 0 ? '/var/lib/bde' : join(homedir(), '.local', 'share', 'bde');
}

function ensureFolder(path: string): string {
  try {
    makeFolders(resolve(path));
    return realpathSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BdeError('STORE_UNUSABLE', `The home ${path} cannot be made: ${reason}.`, {
      hint: 'Set BDE_HOME to a folder that you may write to.',
      cause,
    });
  }
}

/** One by one: Node's own `recursive` never returns for a folder below `/proc`. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  makeFolders(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(path)) throw error;
  }
}
