import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** A user that this host does not have, and what sudo lets it do. */
export interface SudoUser {
  readonly name: string;
  /** The rest of a rule of sudoers(5): `ALL=(root) NOPASSWD: ALL`; none: it may do nothing. */
  readonly rule?: string;
  /** What logs in to the account; none: nothing does. */
  readonly password?: string;
}

const UID = 64_123;

/**
 * The beginning of an argv whose rest runs where the user exists: in a mount namespace with account files and sudoers of
 * its own. The host is left as it is.
 */
export async function withSudoUser(folder: string, user: SudoUser): Promise<readonly string[]> {
  const etc = join(folder, 'etc');
  const home = join(folder, 'home');
  await mkdir(etc, { recursive: true });
  await mkdir(home, { recursive: true });
  // The user's own sshd reads its keys as the user.
  await Promise.all([folder, etc, home].map((path) => chmod(path, 0o755)));
  const { name, rule, password } = user;
  const hash = password === undefined ? '*' : (await exec('openssl', ['passwd', '-6', password])).stdout.trim();
  await writeEtc(etc, 'passwd', `${name}:x:${UID}:${UID}::${home}:/bin/sh\n`, 0o644);
  await writeEtc(etc, 'group', `${name}:x:${UID}:\n`, 0o644);
  await writeEtc(etc, 'shadow', `${name}:${hash}:19000:0:99999:7:::\n`, 0o640);
  const rules = ['Defaults env_reset', 'Defaults use_pty', ...(rule === undefined ? [] : [`${name} ${rule}`]), ''];
  await writeFile(join(etc, 'sudoers'), rules.join('\n'), { mode: 0o440 });
  const files = ['passwd', 'group', 'shadow', 'sudoers'];
  const mounts = files.map((file) => `mount --bind "$1/${file}" /etc/${file}`).join(' && ');
  return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', `${mounts} && shift && exec "$@"`, 'sh', etc];
}

/** The host's own file with one more line. */
async function writeEtc(etc: string, name: string, line: string, mode: number): Promise<void> {
  await writeFile(join(etc, name), `${await readFile(`/etc/${name}`, 'utf8')}${line}`, { mode });
}
