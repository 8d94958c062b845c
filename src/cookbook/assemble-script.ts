import groupsLibrary from './shell/groups.sh';
import limitsLibrary from './shell/limits.sh';
import reportLibrary from './shell/report.sh';
import runLibrary from './shell/run.sh';
import { memoByIdentity } from './memo-by-identity.js';
import { quoteShell } from './quote-shell.js';
import type { GuardGroup, Guards, Limits } from './run-resource.js';
import type { ActionCall, ProbeTopic, ResourceCall, ShellArgument } from './resources/resource-kind.js';
import { ScriptContents } from './script-contents.js';
import type { CompiledRun, CompileInput } from './types.js';

/** A resource as the script knows it. */
export interface ScriptResource {
  readonly id: string;
  readonly scripts: readonly string[];
  readonly call: ResourceCall;
  readonly guards: Guards;
  /** What it is part of that has guards, the outermost first. */
  readonly groups: readonly GuardGroup[];
  readonly limits: Limits;
  /** Seconds that a guard's command may take; null is what the node gives it by itself. */
  readonly guardSeconds: GuardGroup['guardSeconds'];
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
  readonly groups: readonly GuardGroup[];
  readonly limits: Limits;
  readonly guardSeconds: GuardGroup['guardSeconds'];
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
  const libraries = joinParts(librariesOf(resources, contents.scripts));
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

const ALWAYS = [runLibrary, reportLibrary];
const WITH_LIMITS = [limitsLibrary];
const WITH_GROUPS = [groupsLibrary];

/** What every run needs, what these kinds and contents need, and behind that what takes the place of some of it. */
function librariesOf(resources: readonly ScriptResource[], contents: readonly string[]): readonly string[] {
  const isLimited = resources.some(({ limits }) => limits.retry !== null || limits.timeoutSeconds !== null);
  const isGrouped = resources.some(({ groups }) => groups.length > 0);
  const kinds = new Set(resources.map(({ scripts }) => scripts));
  const lists = [ALWAYS, ...kinds, contents, ...(isLimited ? [WITH_LIMITS] : []), ...(isGrouped ? [WITH_GROUPS] : [])];
  return [...new Set(lists.flatMap(withoutComments))];
}

/** Comments are for who reads the source, not for the way to the node. The lists are those of the kinds, always the same. */
const withoutComments = memoByIdentity((libraries: readonly string[]) =>
  libraries.map((library) => library.replace(/^[ \t]*#.*\n/gm, '')),
);

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
  readonly #judged = new Set<string>();

  constructor(contents: ScriptContents) {
    this.#contents = contents;
  }

  resource(resource: ScriptResource): readonly string[] {
    const { id, call, raises, atOnce, settles, memory } = resource;
    const args = [
      ...call.arguments.map((argument) => this.#word(argument)),
      ...settles,
      ...(memory === null ? [] : [memory]),
    ];
    return [
      ...this.#judge(resource.groups),
      ...declarations(resource),
      ...raises.map((mark) => words(['bde_raises', mark])),
      words(['bde_resource', id, call.function, ...args]),
      ...atOnce.flatMap((action) => this.action('bde_flush_at_once', action)),
    ];
  }

  action(verb: 'bde_flush' | 'bde_flush_at_once', action: ScriptAction): readonly string[] {
    const { id, mark, call } = action;
    const args = call.arguments.map((argument) => this.#word(argument));
    return [...declarations(action), words([verb, id, mark, call.function, ...args])];
  }

  /** Guards of a group are judged before the first resource that is part of it. */
  #judge(groups: readonly GuardGroup[]): readonly string[] {
    return groups.flatMap((group, depth) => {
      const { id } = group;
      if (this.#judged.has(id)) return [];
      this.#judged.add(id);
      return [...withinLines(groups.slice(0, depth)), ...guardLines(group), words(['bde_judge', id])];
    });
  }

  #word(argument: ShellArgument): string {
    return typeof argument === 'string' ? argument : this.#contents.functionOf(argument);
  }
}

/** What stands before a call and is taken with it. */
function declarations(resource: ScriptResource | ScriptAction): readonly string[] {
  const { retry, timeoutSeconds } = resource.limits;
  return [
    ...withinLines(resource.groups),
    ...guardLines(resource),
    ...(retry === null ? [] : [words(['bde_retry', String(retry.times), String(retry.delaySeconds)])]),
    ...(timeoutSeconds === null ? [] : [words(['bde_timeout', String(timeoutSeconds)])]),
  ];
}

function withinLines(groups: readonly GuardGroup[]): readonly string[] {
  return groups.map(({ id }) => words(['bde_within', id]));
}

function guardLines({ guards, guardSeconds }: Pick<GuardGroup, 'guards' | 'guardSeconds'>): readonly string[] {
  const { onlyIf, notIf, creates } = guards;
  const bound = guardSeconds === null ? [] : [String(guardSeconds)];
  return [
    ...(creates === null ? [] : [words(['bde_creates', creates])]),
    ...(onlyIf === null ? [] : [words(['bde_only_if', onlyIf, ...bound])]),
    ...(notIf === null ? [] : [words(['bde_not_if', notIf, ...bound])]),
  ];
}

function words(values: readonly string[]): string {
  return values.map((value) => (/^[\w./:@%+=,-]+$/.test(value) ? value : quoteShell(value))).join(' ');
}
