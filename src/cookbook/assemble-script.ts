import runLibrary from './shell/run.sh';
import { quoteShell } from './quote-shell.js';
import type { Guards } from './run-resource.js';
import type {
  ActionCall,
  Content,
  NodeContent,
  ProbeTopic,
  ResourceCall,
  ShellArgument,
} from './resources/resource-kind.js';

/** A resource as the script knows it. */
export interface ScriptResource {
  readonly id: string;
  readonly scripts: readonly string[];
  readonly call: ResourceCall;
  readonly guards: Guards;
  /** Marks that it raises before it changes anything. */
  readonly raises: readonly string[];
  /** Actions that run right behind it where their mark is there. */
  readonly atOnce: readonly ScriptAction[];
  /** Marks that become needless when it is brought to its state. */
  readonly settles: readonly string[];
  /** Name of the file in which it notes what it has seen, or null. */
  readonly memory: string | null;
}

/** A notified action: it runs where the file of its mark is there. */
export interface ScriptAction {
  /** `restart service[web]` */
  readonly id: string;
  readonly mark: string;
  readonly call: ActionCall;
  readonly guards: Guards;
}

/** A fact that the run prints when all went well; `text` facts are quoted on the node, others are JSON already. */
export interface ScriptFact {
  readonly name: string;
  readonly command: string;
  readonly isText: boolean;
}

/** All that a body is made of, in its order. */
export interface ScriptParts {
  readonly resources: readonly ScriptResource[];
  readonly delayed: readonly ScriptAction[];
  readonly facts: readonly ScriptFact[];
}

/** One POSIX sh body: the functions that these resources need, then one call for each. See `docs/runs.md`. */
export function assembleScript({ resources, delayed, facts }: ScriptParts): string {
  const writer = new ScriptWriter();
  const calls = resources.flatMap((resource) => writer.resource(resource));
  const flushes = delayed.flatMap((action) => writer.action('bde_flush', action));
  const printed = facts.map(({ name, command, isText }) =>
    words(['bde_fact', name, isText ? 'text' : 'json', command]),
  );
  const libraries = [...new Set([runLibrary, ...resources.flatMap(({ scripts }) => scripts)])].map(withoutComments);
  return [...libraries, ...listFunctions(resources), ...writer.contents, ...calls, ...flushes, ...printed, 'bde_finish']
    .map((part) => `${part.trimEnd()}\n`)
    .join('');
}

/** Comments are for who reads the source, not for the way to the node. */
function withoutComments(library: string): string {
  return library.replace(/^[ \t]*#.*\n/gm, '');
}

/** `bde_list_paths stat -c …` calls its arguments with every path of the list behind them. */
function listFunctions(resources: readonly ScriptResource[]): readonly string[] {
  const topics: readonly ProbeTopic[] = ['paths', 'sums', 'units', 'users', 'groups', 'packages'];
  return topics.flatMap((topic) => {
    const items = [...new Set(resources.flatMap(({ call }) => call.probes?.[topic] ?? []))];
    return items.length === 0 ? [] : [`bde_list_${topic}() { "$@" ${words(items)}; }`];
  });
}

/** Writes calls; contents become functions of their own, so that a run that changes nothing never expands them. */
class ScriptWriter {
  readonly #functions = new Map<string, string>();

  /** Definitions of the functions that print contents. */
  get contents(): readonly string[] {
    return [...this.#functions].map(([body, name]) => `${name}() { ${body}; }`);
  }

  resource({ id, call, guards, raises, atOnce, settles, memory }: ScriptResource): readonly string[] {
    const args = [
      ...call.arguments.map((argument) => this.#word(argument)),
      ...settles,
      ...(memory === null ? [] : [memory]),
    ];
    return [
      ...guardLines(guards),
      ...raises.map((mark) => words(['bde_raises', mark])),
      words(['bde_resource', id, call.function, ...args]),
      ...atOnce.flatMap((action) => this.action('bde_flush_at_once', action)),
    ];
  }

  action(verb: 'bde_flush' | 'bde_flush_at_once', { id, mark, call, guards }: ScriptAction): readonly string[] {
    const args = call.arguments.map((argument) => this.#word(argument));
    return [...guardLines(guards), words([verb, id, mark, call.function, ...args])];
  }

  #word(argument: ShellArgument): string {
    if (typeof argument === 'string') return argument;
    const body = printingBody(argument);
    const name = this.#functions.get(body) ?? `bde_content_${this.#functions.size + 1}`;
    this.#functions.set(body, name);
    return name;
  }
}

function guardLines({ onlyIf, notIf, creates }: Guards): readonly string[] {
  return [
    ...(creates === null ? [] : [words(['bde_creates', creates])]),
    ...(onlyIf === null ? [] : [words(['bde_only_if', onlyIf])]),
    ...(notIf === null ? [] : [words(['bde_not_if', notIf])]),
  ];
}

/** Text travels as it is; what is no UTF-8 text, or holds a NUL, as base64. */
function printingBody(argument: Content | NodeContent): string {
  if ('command' in argument) return argument.command;
  const text = textOf(argument.content);
  if (text !== null) return `printf %s ${quoteShell(text)}`;
  return `printf %s ${quoteShell(Buffer.from(argument.content).toString('base64'))} | base64 -d`;
}

function textOf(content: string | Buffer): string | null {
  const text = content.toString();
  const isExact = typeof content === 'string' || Buffer.from(text).equals(content);
  return isExact && !text.includes('\0') ? text : null;
}

function words(values: readonly string[]): string {
  return values.map((value) => (/^[\w./:@%+=,-]+$/.test(value) ? value : quoteShell(value))).join(' ');
}
