/** What completion needs to know of the commands; a part of oclif's manifest. */
export interface CommandManifest {
  readonly commands: Readonly<Record<string, ManifestCommand>>;
}

/** One command of the manifest. */
export interface ManifestCommand {
  readonly id: string;
  readonly summary?: string;
  readonly hidden?: boolean;
  readonly args?: Readonly<Record<string, { readonly name: string; readonly options?: readonly string[] }>>;
  readonly flags?: Readonly<Record<string, ManifestFlag>>;
}

/** One flag of the manifest. */
export interface ManifestFlag {
  readonly name: string;
  readonly char?: string;
  readonly type: 'boolean' | 'option';
  readonly description?: string;
  readonly hidden?: boolean;
  readonly options?: readonly string[];
}

/** Commands as words: topics with their commands, and commands that stand alone. Sorted by name. */
export interface CommandTree {
  readonly topics: readonly {
    readonly name: string;
    readonly summary: string;
    readonly commands: readonly CommandWords[];
  }[];
  readonly commands: readonly CommandWords[];
}

/** A command with what may follow it. */
export interface CommandWords {
  /** The last word of the command. */
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly FlagWords[];
  /** What its first argument may be; empty where anything may. */
  readonly choices: readonly string[];
}

/** A flag as it is typed. */
export interface FlagWords {
  readonly name: string;
  readonly char: string | null;
  readonly takesValue: boolean;
  readonly summary: string;
}

/** The commands of a manifest as a tree; hidden commands and flags are left out. */
export function commandTree(manifest: CommandManifest, topics: Readonly<Record<string, string>>): CommandTree {
  const shown = Object.values(manifest.commands)
    .filter((command) => command.hidden !== true)
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const below = (topic: string): readonly CommandWords[] =>
    shown.filter(({ id }) => id.startsWith(`${topic}:`)).map(commandWords);
  return {
    topics: Object.entries(topics)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, summary]) => ({ name, summary: plain(summary), commands: below(name) })),
    commands: shown.filter(({ id }) => !id.includes(':')).map(commandWords),
  };
}

function commandWords({ id, summary, flags = {}, args = {} }: ManifestCommand): CommandWords {
  return {
    name: id.split(':').at(-1) ?? id,
    summary: plain(summary ?? ''),
    flags: Object.values(flags)
      .filter((flag) => flag.hidden !== true)
      .map(({ name, char, type, description }) => ({
        name,
        char: char ?? null,
        takesValue: type === 'option',
        summary: plain(description ?? ''),
      })),
    choices: Object.values(args)[0]?.options ?? [],
  };
}

/** The first sentence, without its full stop. */
function plain(text: string): string {
  return (/^.*?(?=\.(?:\s+[A-Z]|$)|;\s|\n|$)/.exec(text)?.[0] ?? '').trim();
}
