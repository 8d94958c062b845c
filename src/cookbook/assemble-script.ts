import runLibrary from './shell/run.sh';
import { quoteShell } from './quote-shell.js';
import type { Guards } from './run-resource.js';
import type { ActionCall, ProbeTopic, ResourceCall, ShellArgument } from './resources/resource-kind.js';
import { ScriptContents } from './script-contents.js';
import type { CompiledRun, CompileInput } from './types.js';

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
  /** Where large contents are pulled from; null where they are sent. */
  readonly mirror: CompileInput['mirror'];
}

/** A script and what travels beside it. */
export type AssembledScript = Omit<CompiledRun, 'resources' | 'digest' | 'secrets'>;

/** One POSIX sh body: the functions that these resources need, then one call for each. See `docs/runs.md`. */
export function assembleScript({ resources, delayed, facts, mirror }: ScriptParts): AssembledScript {
  const contents = new ScriptContents(mirror);
  const writer = new ScriptWriter(contents);
  const calls = resources.flatMap((resource) => writer.resource(resource));
  const flushes = delayed.flatMap((action) => writer.action('bde_flush', action));
  const printed = facts.map(({ name, command, isText }) =>
    words(['bde_fact', name, isText ? 'text' : 'json', command]),
  );
  const kinds = resources.flatMap(({ scripts }) => scripts);
  const libraries = joinParts([...new Set([runLibrary, ...kinds, ...contents.scripts])].map(withoutComments));
  const own = [...listFunctions(resources), ...contents.functions, ...calls, ...flushes, ...printed, 'bde_finish'];
  return {
    script: libraries + joinParts(own),
    sharedLength: libraries.length,
    contents: contents.held,
    pulled: contents.pulled,
    usesMirror: Object.keys(contents.pulled).length > 0 || resources.some(({ call }) => call.usesMirror === true),
  };
}

function joinParts(parts: readonly string[]): string {
  return parts.map((part) => `${part.trimEnd()}\n`).join('');
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

/** Writes calls. */
class ScriptWriter {
  readonly #contents: ScriptContents;

  constructor(contents: ScriptContents) {
    this.#contents = contents;
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
    return typeof argument === 'string' ? argument : this.#contents.functionOf(argument);
  }
}

function guardLines({ onlyIf, notIf, creates }: Guards): readonly string[] {
  return [
    ...(creates === null ? [] : [words(['bde_creates', creates])]),
    ...(onlyIf === null ? [] : [words(['bde_only_if', onlyIf])]),
    ...(notIf === null ? [] : [words(['bde_not_if', notIf])]),
  ];
}

function words(values: readonly string[]): string {
  return values.map((value) => (/^[\w./:@%+=,-]+$/.test(value) ? value : quoteShell(value))).join(' ');
}
