import type { CommandTree, CommandWords } from './command-tree.js';

/** A completion script for bash, without need of the package bash-completion. */
export function bashCompletion(tree: CommandTree): string {
  const firstWords = [...tree.topics, ...tree.commands].map(({ name }) => name).join(' ');
  const topicCases = tree.topics.map(({ name, commands }) => `    ${name}) words='${namesOf(commands)}' ;;`);
  const commands = [
    ...tree.topics.flatMap((topic) =>
      topic.commands.map((command) => ({ path: `${topic.name} ${command.name}`, command })),
    ),
    ...tree.commands.map((command) => ({ path: command.name, command })),
  ];
  return [
    '# Completion of bde for bash; made by the build.',
    '_bde() {',
    '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words= path',
    '  COMPREPLY=()',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W '${firstWords} --help --version' -- "$cur"))`,
    '    return',
    '  fi',
    '  case ${COMP_WORDS[1]} in',
    ...topicCases,
    '  esac',
    '  if [ -n "$words" ] && [ "$COMP_CWORD" -eq 2 ]; then',
    '    COMPREPLY=($(compgen -W "$words --help" -- "$cur"))',
    '    return',
    '  fi',
    '  path=${COMP_WORDS[1]}',
    '  [ -z "$words" ] || path="$path ${COMP_WORDS[2]}"',
    '  local flags= valued= choices=',
    '  case $path in',
    ...commands.map(({ path, command }) => `    '${path}') ${assignments(command)} ;;`),
    '  esac',
    '  case " $valued " in',
    '    *" $prev "*) COMPREPLY=($(compgen -f -- "$cur")); return ;;',
    '  esac',
    '  case $cur in',
    '    -*) COMPREPLY=($(compgen -W "$flags --help" -- "$cur")) ;;',
    '    *) if [ -n "$choices" ]; then COMPREPLY=($(compgen -W "$choices" -- "$cur")); else COMPREPLY=($(compgen -f -- "$cur")); fi ;;',
    '  esac',
    '}',
    'complete -o filenames -o bashdefault -F _bde bde',
    '',
  ].join('\n');
}

function namesOf(commands: readonly CommandWords[]): string {
  return commands.map(({ name }) => name).join(' ');
}

function assignments({ flags, choices }: CommandWords): string {
  const all = flags.map(({ name }) => `--${name}`).join(' ');
  const valued = flags.filter(({ takesValue }) => takesValue).map(({ name }) => `--${name}`);
  return `flags='${all}' valued='${valued.join(' ')}' choices='${choices.join(' ')}'`;
}
