import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { BdeError } from '../../errors/bde-error.js';
import { repoFailed } from '../repo-error.js';

/** What a text field must look like, and in which words. */
export interface TextRule {
  readonly pattern: RegExp;
  readonly allowed: string;
}

/**
 * Reads one YAML file into values of known shapes. Every finding is kept with its place, and a stand-in is given, so that
 * all findings of a file come out at once.
 */
export class DocumentReader {
  readonly file: string;
  readonly #document: Document;
  readonly #lines = new LineCounter();
  readonly #findings: BdeError[] = [];

  constructor(text: string, file: string) {
    this.file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    for (const { message, pos } of this.#document.errors) this.#findAt(pos[0], message);
  }

  /** The value at the top. */
  get root(): Field {
    return new Field(this, this.#document.contents, '');
  }

  /**
   * Ends the reading.
   *
   * @throws BdeError `REPO_FAILED` with every finding
   */
  finish(): void {
    const [first] = this.#findings;
    if (first === undefined) return;
    if (this.#findings.length === 1) throw first;
    throw repoFailed(`${this.file} has ${this.#findings.length} errors.`, {
      subject: { file: this.file },
      failures: this.#findings,
    });
  }

  find(node: Node | null, message: string): void {
    this.#findAt(node?.range?.[0] ?? 0, message);
  }

  #findAt(offset: number, message: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.#findings.push(
      repoFailed(`${this.file}:${line}:${col}: ${message}`, { subject: { file: this.file, line, column: col } }),
    );
  }
}

/** One value of a document; absent ones too, with the place where they are missing. */
export class Field {
  readonly #reader: DocumentReader;
  readonly #node: Node | null;
  readonly #path: string;
  readonly #absent: boolean;

  constructor(reader: DocumentReader, node: Node | null, path: string, absent = false) {
    this.#reader = reader;
    this.#node = node;
    this.#path = path;
    this.#absent = absent;
  }

  /** False where the key is not there at all. */
  get isThere(): boolean {
    return !this.#absent;
  }

  /** True for a map: where a field may be a text or a map. */
  get isMap(): boolean {
    return isMap(this.#node);
  }

  /** A map with these keys and no others; each is a field, there or not. */
  fields<Key extends string>(keys: readonly Key[]): Record<Key, Field> {
    const children = new Map<string, Node | null>();
    if (isMap(this.#node)) {
      for (const { key, value } of this.#node.items) {
        const name = isScalar(key) ? String(key.value) : '';
        if ((keys as readonly string[]).includes(name)) children.set(name, value as Node | null);
        else this.#reader.find(key as Node, `${this.#child(name)} is not a field here; allowed: ${keys.join(', ')}.`);
      }
    } else this.#mismatch('a map');
    const entries = keys.map((key) => [key, this.#fieldOf(key, children)] as const);
    return Object.fromEntries(entries) as Record<Key, Field>;
  }

  /** A list; absent means empty. */
  list(): readonly Field[] {
    if (this.#absent) return [];
    if (!isSeq(this.#node)) {
      this.#mismatch('a list');
      return [];
    }
    return this.#node.items.map(
      (item, index) => new Field(this.#reader, item as Node | null, `${this.#path}[${index}]`),
    );
  }

  /** A text that fits the rule; with `fallback` it may be absent. */
  text(rule: TextRule, fallback?: string): string {
    if (this.#absent && fallback !== undefined) return fallback;
    const value = this.#scalar();
    if (typeof value === 'string' && rule.pattern.test(value)) return value;
    this.#mismatch(this.#absent || typeof value === 'string' ? rule.allowed : `a text in quotes (${rule.allowed})`);
    return fallback ?? '';
  }

  /** A whole number of at least 1. */
  count(fallback: number): number {
    if (this.#absent) return fallback;
    const value = this.#scalar();
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
    this.#mismatch('a whole number from 1');
    return fallback;
  }

  flag(fallback: boolean): boolean {
    if (this.#absent) return fallback;
    const value = this.#scalar();
    if (typeof value === 'boolean') return value;
    this.#mismatch('true or false');
    return fallback;
  }

  /** Adds a finding at this place. */
  refuse(message: string): void {
    this.#reader.find(this.#node, `${this.#path} ${message}`);
  }

  #fieldOf(key: string, children: ReadonlyMap<string, Node | null>): Field {
    const node = children.get(key);
    if (node === undefined) return new Field(this.#reader, this.#node, this.#child(key), true);
    return new Field(this.#reader, node, this.#child(key));
  }

  #child(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }

  #scalar(): unknown {
    return isScalar(this.#node) && !this.#absent ? this.#node.value : undefined;
  }

  #mismatch(allowed: string): void {
    this.#reader.find(
      this.#node,
      `${this.#path || 'the file'} ${this.#absent ? 'is missing' : `is ${this.#seen()}`}; allowed: ${allowed}.`,
    );
  }

  #seen(): string {
    if (isMap(this.#node)) return 'a map';
    if (isSeq(this.#node)) return 'a list';
    if (isAlias(this.#node)) return 'an alias';
    return JSON.stringify(isScalar(this.#node) ? this.#node.value : null);
  }
}
