import { randomBytes } from 'node:crypto';
import { BdeError } from '../errors/bde-error.js';
import type { NodeTarget } from '../engine/ports/nodes.js';
import { createTail } from './bounded-output.js';
import { SHELL_COMMAND, type ShellChannel } from './node-shell.js';

/** A shell that a user starts as root: what to exec, and what to wait for before it is spoken to. */
export interface RootShell {
  readonly command: string;
  /**
   * Ends when the shell runs as root; answers the question for the password, once.
   *
   * @throws BdeError `SUDO_REFUSED`, `CONNECT_LOST`
   */
  begin(channel: ShellChannel): Promise<void>;
}

/** What sudo leaves in the environment: some programs behave differently where they find it. */
const FORGET = 'env -u SUDO_COMMAND -u SUDO_USER -u SUDO_UID -u SUDO_GID';
const INNER_SHELL = SHELL_COMMAND.replace(/^exec /, '');

/**
 * The shell of a user who is root already, or becomes it by sudo.
 *
 * sudo reads a password from its stdin, where the shell's program comes next; a rule without a password does not read it.
 * So nothing is sent before sudo asks for it (by a prompt that is ours) or the shell says that it is there.
 */
export function rootShell(target: NodeTarget): RootShell {
  const { sudo } = target;
  if (sudo === undefined) return { command: SHELL_COMMAND, begin: () => Promise.resolve() };
  const mark = `bde-${randomBytes(16).toString('hex')}`;
  const prompt = `${mark}-password`;
  const ready = `${mark}-root`;
  // -k: no ticket of another login counts, and none is left for others.
  const options = sudo.password === null ? '-n' : `-S -k -p ${prompt}`;
  return {
    command: `exec sudo ${options} -H -- ${FORGET} sh -c 'echo ${ready} >&2; exec "$@"' bde ${INNER_SHELL}`,
    begin: (channel) => beginAsRoot(channel, { target, prompt, ready }),
  };
}

interface Expected {
  readonly target: NodeTarget;
  readonly prompt: string;
  readonly ready: string;
}

const SAID_LIMIT = 4096;

function beginAsRoot(channel: ShellChannel, { target, prompt, ready }: Expected): Promise<void> {
  const password = target.sudo?.password ?? null;
  const said = createTail(SAID_LIMIT);
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    const settle = (finish: () => void): void => {
      channel.stderr.off('data', onData);
      channel.stdout.off('data', ignore);
      finish();
    };
    const onData = (chunk: Buffer): void => {
      said.push(chunk);
      const text = said.text();
      if (text.includes(ready)) settle(resolve);
      else if (text.split(prompt).length > 2) {
        settle(() => reject(wrongPasswordError(target)));
        // It must not be tried again: accounts are locked by that.
        channel.close();
      } else if (!isAnswered && text.includes(prompt) && password !== null) {
        isAnswered = true;
        channel.stdin.write(`${password.reveal()}\n`);
      }
    };
    channel.stderr.on('data', onData);
    // Nothing comes there before the shell is spoken to; but a stream that nobody reads keeps its channel from closing.
    channel.stdout.on('data', ignore);
    // A write to a channel that is gone; that it is gone is told by onClose.
    channel.stdin.on('error', () => undefined);
    channel.onClose((exitCode) => {
      const text = said.text().replaceAll(prompt, '').trim();
      settle(() => reject(exitCode === undefined ? lostError(target, text) : refusedError(target, text)));
    });
  });
}

function ignore(): void {
  return;
}

function wrongPasswordError({ name, user }: NodeTarget): BdeError {
  return new BdeError('SUDO_REFUSED', `${name} refused the password of ${user} for sudo`, {
    hint: `correct the password that bde has for ${user}; it was tried once`,
    subject: { node: name },
  });
}

function refusedError({ name, user, sudo }: NodeTarget, said: string): BdeError {
  const rule = sudo?.password === null ? `${user} ALL=(root) NOPASSWD: ALL` : `${user} ALL=(root) ALL`;
  const reason = said.split('\n').at(-1) || 'no reason given';
  return new BdeError('SUDO_REFUSED', `${user} may not become root on ${name}: ${reason}`, {
    hint: `give it a rule there (visudo -f /etc/sudoers.d/bde): ${rule}`,
    subject: { node: name },
  });
}

function lostError({ name }: NodeTarget, said: string): BdeError {
  const heard = said === '' ? '' : `; it said: ${said.split('\n').at(-1) ?? ''}`;
  return new BdeError('CONNECT_LOST', `the connection to ${name} ended while sudo was waited for${heard}`, {
    subject: { node: name },
  });
}
