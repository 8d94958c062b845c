import { quoteShell } from './quote-shell.js';
import type { Content, NodeContent } from './resources/resource-kind.js';
import { hasSecretToken } from './secret-token.js';
import { sha256 } from './sha256.js';
import files from './shell/files.sh';
import heldScript from './shell/held.sh';
import fetchScript from './shell/fetch.sh';
import type { CompileInput } from './types.js';

/** Up to this many bytes a content travels in the script: asking for it would cost more. */
const INLINE_LIMIT = 1024;
/** From here on a node pulls it from the mirror, where there is one. */
const PULL_FROM = 64 * 1024;

/** A content without secrets for a file, which can therefore be told by its sum and left out of the script. */
interface FileContent extends Content {
  readonly file: NonNullable<Content['file']>;
}

/**
 * The contents of one script, each as a function that prints it, so that a run that changes nothing never expands them.
 * What holds a secret, is small, or is no file's always travels in the script; other contents of files are *held*: the
 * node asks for them by sha256 where the file is not as wanted; large ones are *pulled* from the mirror by the node.
 */
export class ScriptContents {
  readonly held: Record<string, Buffer> = {};
  readonly pulled: Record<string, Buffer> = {};
  readonly #mirror: CompileInput['mirror'];
  readonly #names = new Map<string, string>();
  readonly #needs: string[] = [];

  constructor(mirror: CompileInput['mirror']) {
    this.#mirror = mirror;
  }

  /** Shell functions that these contents need. */
  get scripts(): readonly string[] {
    const isPulling = Object.keys(this.pulled).length > 0;
    const isHolding = Object.keys(this.held).length > 0;
    return [...(isHolding || isPulling ? [files, heldScript] : []), ...(isPulling ? [fetchScript] : [])];
  }

  /** Definitions: one for each content, and the list of those that may have to be asked for. */
  get functions(): readonly string[] {
    const printing = [...this.#names].map(([body, name]) => `${name}() { ${body}; }`);
    return this.#needs.length === 0 ? printing : [...printing, `bde_list_held() { ${this.#needs.join('; ')}; }`];
  }

  /** Name of the function that prints this one. */
  functionOf(content: Content | NodeContent): string {
    const body = this.#printing(content);
    const name = this.#names.get(body) ?? `bde_content_${this.#names.size + 1}`;
    this.#names.set(body, name);
    return name;
  }

  #printing(content: Content | NodeContent): string {
    if ('command' in content) return content.command;
    if (!isLeftOut(content)) return printInline(content.content);
    const bytes = Buffer.from(content.content);
    const sum = sha256(bytes);
    if (bytes.length > PULL_FROM && this.#mirror !== null) {
      this.pulled[sum] = bytes;
      const { url, caPath } = this.#mirror;
      return `bde_pulled ${sum} ${quoteShell(`${url}/_content/${sum}`)} ${quoteShell(caPath)}`;
    }
    this.#hold(content, sum, bytes);
    return `bde_held ${sum}`;
  }

  #hold({ file }: FileContent, sum: string, bytes: Buffer): void {
    this.held[sum] = bytes;
    const need = `bde_need ${sum} ${quoteShell(file.path)}${file.seed ? ' seed' : ''}`;
    if (!this.#needs.includes(need)) this.#needs.push(need);
  }
}

function isLeftOut(content: Content): content is FileContent {
  if (content.file === undefined || Buffer.byteLength(content.content) <= INLINE_LIMIT) return false;
  return typeof content.content !== 'string' || !hasSecretToken(content.content);
}

/** Text travels as it is; what is no UTF-8 text, or holds a NUL, as base64. */
function printInline(content: string | Buffer): string {
  const text = textOf(content);
  if (text !== null) return `printf %s ${quoteShell(text)}`;
  return `printf %s ${quoteShell(Buffer.from(content).toString('base64'))} | base64 -d`;
}

function textOf(content: string | Buffer): string | null {
  const text = content.toString();
  const isExact = typeof content === 'string' || Buffer.from(text).equals(content);
  return isExact && !text.includes('\0') ? text : null;
}
