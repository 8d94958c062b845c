import { maskSecrets, hasSecretToken } from '../secret-token.js';
import { sha256 } from '../sha256.js';
import type { CompileInput, Json } from '../types.js';
import type { ParameterReader } from './read-parameter.js';
import type { Content, ProbeTopic, ShellArgument } from './resource-kind.js';

/** A file that is to be on the node. */
export interface WantedFile {
  readonly path: string;
  /** Octal without leading zeros, as `stat` prints it. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly content: string | Buffer;
  /** Written where absent, the product's own afterwards. */
  readonly seed: boolean;
}

/** A diff of more than this helps nobody. */
const LARGE = 64 * 1024;

/** What the arguments of `bde_file_probe` and the digest need of a file. */
export interface FileCall {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly arguments: readonly ShellArgument[];
  readonly probes: Readonly<Partial<Record<ProbeTopic, readonly string[]>>>;
  readonly path: string;
}

/** The file that a resource's `owner`, `group`, `mode` and `seed` describe. */
export function wantedFile(reader: ParameterReader, path: string, content: string | Buffer): WantedFile {
  return {
    path,
    content,
    mode: reader.mode('mode', '0644'),
    owner: reader.word('owner', 'root'),
    group: reader.word('group', 'root'),
    seed: reader.flag('seed', false),
  };
}

/** The call that lays a file; a seed's content, mode and owner are no part of the digest. */
export function fileCall(file: WantedFile, input: CompileInput): FileCall {
  const { path, mode, owner, group, content, seed } = file;
  const parameters = seed ? { path, seed } : { path, mode, owner, group, sha256: digestOfContent(content, input) };
  return { parameters, ...layFile(file) };
}

/** The same for a file of a resource that says by other parameters what its content is. */
export function layFile({ path, mode, owner, group, content, seed }: WantedFile): Omit<FileCall, 'parameters'> {
  const secret = typeof content === 'string' && hasSecretToken(content);
  const sum = seed ? 'seed' : secret ? 'computed' : sha256(content);
  const printed: Content = { content, file: { path, seed } };
  return {
    arguments: [path, mode, owner, group, sum, printed, shown(content, secret)],
    probes: seed ? { paths: [path] } : { paths: [path], sums: [path] },
    path,
  };
}

/** What a report says of a change: a diff, or why there is none. */
function shown(content: string | Buffer, secret: boolean): string {
  if (secret) return 'secret';
  return Buffer.byteLength(content) > LARGE ? 'large' : '';
}

/** sha256 of a content with the HMACs of its secrets in their places. */
function digestOfContent(content: string | Buffer, { secretMac }: CompileInput): string {
  return sha256(typeof content === 'string' ? maskSecrets(content, secretMac) : content);
}
