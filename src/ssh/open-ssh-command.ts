import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { NodeTarget, SshEndpoint } from '../engine/ports/nodes.js';
import { parseHostKeys } from './host-key.js';
import { privateKeysOf } from './log-in-methods.js';
import { quoteWord } from './quote-word.js';

/** How the session is meant. */
export interface OpenSshOptions {
  /** A folder of the caller's that nobody else reads; login keys and host keys are left there (0600). */
  readonly folder: string;
  /** Remote command; none gives a login shell. */
  readonly command?: readonly string[];
  /** Asks for a terminal on the node; without a command there is always one. */
  readonly terminal?: boolean;
}

/** Nothing of the user's own configuration or known hosts counts: the keys and host keys that bde has, and no others. */
const FIXED_OPTIONS = [
  'StrictHostKeyChecking=yes',
  'GlobalKnownHostsFile=/dev/null',
  'UpdateHostKeys=no',
  'PasswordAuthentication=no',
  'KbdInteractiveAuthentication=no',
  'LogLevel=ERROR',
];

/**
 * The argv of an OpenSSH client that opens a session on the machine as root, host keys pinned, the jump hosts' too. Where
 * that takes sudo and a password, sudo asks for it in the terminal. Writes its files into the folder.
 */
export async function openSshCommand(target: NodeTarget, options: OpenSshOptions): Promise<readonly string[]> {
  const { folder, terminal = false } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const jumpsFile = join(folder, `${target.machineId}.jumps`);
  const own = [
    ...(await writeEndpoint(target, join(folder, target.machineId))),
    ...throughJump(jumpsFile, target.jumps?.length ?? 0),
  ];
  if (target.jumps !== undefined) await writeJumps(target, jumpsFile);
  const command = rootCommand(target, options);
  // Without a command ssh asks for a terminal by itself, but not for that of `sudo -i`.
  const needsTerminal = terminal || (options.command === undefined && command.length > 0);
  return [
    ...['ssh', '-F', '/dev/null', '-p', String(target.port), '-l', target.user],
    ...own.flatMap((option) => ['-o', option]),
    ...(needsTerminal ? ['-t'] : []),
    ...['--', target.address, ...command],
  ];
}

/** One string per word, as a remote shell reads them. */
function rootCommand({ sudo }: NodeTarget, { command, terminal = false }: OpenSshOptions): readonly string[] {
  const words = (command ?? []).map(quoteWord);
  if (sudo === undefined) return words;
  if (command === undefined) return ['sudo', '-i'];
  return [...(terminal ? ['sudo'] : ['sudo', '-n']), '-H', '--', ...words];
}

/** Writes keys and host keys to files that begin with `prefix`; gives the options that name them. */
async function writeEndpoint(endpoint: SshEndpoint, prefix: string): Promise<readonly string[]> {
  const hosts = parseHostKeys(endpoint.hostKey, endpoint.address).map(
    ({ type, blob }) => `${hostPattern(endpoint)} ${type} ${blob.toString('base64')}\n`,
  );
  const { agent } = endpoint;
  const identities = [
    ...privateKeysOf(endpoint).map((key, index) => [numbered(`${prefix}.key`, index), key.reveal()] as const),
    ...(agent?.only ?? []).map((line, index) => [numbered(`${prefix}.pub`, index), `${line}\n`] as const),
  ];
  const files = [[`${prefix}.hosts`, hosts.join('')] as const, ...identities];
  for (const [path, content] of files) await writeFile(path, content, { mode: 0o600 });
  return [
    ...FIXED_OPTIONS,
    `UserKnownHostsFile="${prefix}.hosts"`,
    ...identities.map(([path]) => `IdentityFile="${path}"`),
    `IdentityAgent=${agent === undefined ? 'none' : `"${agent.socket}"`}`,
    `IdentitiesOnly=${agent !== undefined && agent.only === undefined ? 'no' : 'yes'}`,
  ];
}

function numbered(path: string, index: number): string {
  return index === 0 ? path : path.replace(/\.(\w+)$/, `.${index + 1}.$1`);
}

/** The configuration that the jump hosts are looked up in: options of the command line are for the machine alone. */
async function writeJumps({ machineId, jumps = [] }: NodeTarget, file: string): Promise<void> {
  const blocks: string[] = [];
  for (const [index, jump] of jumps.entries()) {
    const options = await writeEndpoint(jump, join(dirname(file), `${machineId}.${jumpName(index)}`));
    const place = [`HostName=${jump.address}`, `Port=${jump.port}`, `User=${jump.user}`];
    blocks.push([`Host ${jumpName(index)}`, ...place, ...options, ...throughJump(file, index)].join('\n  '));
  }
  await writeFile(file, `${blocks.join('\n')}\n`, { mode: 0o600 });
}

/**
 * The option by which an endpoint behind that many jump hosts is reached. Not ProxyJump: that hands the configuration file on
 * without quotes.
 */
function throughJump(file: string, jumps: number): readonly string[] {
  if (jumps === 0) return [];
  return [`ProxyCommand=ssh -F ${quoteWord(file).replaceAll('%', '%%')} -W '[%h]:%p' ${jumpName(jumps - 1)}`];
}

function jumpName(index: number): string {
  return `bde-jump-${index + 1}`;
}

/** As OpenSSH looks it up: the port is named only where it is another than 22. */
function hostPattern({ address, port }: SshEndpoint): string {
  return port === 22 ? address : `[${address}]:${port}`;
}
