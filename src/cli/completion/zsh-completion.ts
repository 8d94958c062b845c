import type { CommandTree, CommandWords, FlagWords } from './command-tree.js';

/** A completion script for zsh, to be found as `_bde` on its `fpath`. */
export function zshCompletion(tree: CommandTree): string {
  return [
    '#compdef bde',
    '# Completion of bde for zsh; made by the build.',
    '_bde() {',
    '  local curcontext="$curcontext" context state state_descr line',
    '  typeset -A opt_args',
    "  _arguments -C '1: :->first' '*:: :->rest'",
    '  case $state in',
    '    first)',
    '      local -a words',
    `      words=(${[...tree.topics, ...tree.commands].map(describedWord).join(' ')})`,
    "      _describe 'command' words",
    '      ;;',
    '    rest)',
    '      case $line[1] in',
    ...tree.topics.map(({ name }) => `        ${name}) _bde_${name} ;;`),
    ...tree.commands.flatMap((command) => [`        ${command.name})`, ...argumentLines(command, 10), '          ;;']),
    '      esac',
    '      ;;',
    '  esac',
    '}',
    ...tree.topics.flatMap(topicFunction),
    '',
    'if [ "$funcstack[1]" = _bde ]; then _bde "$@"; else compdef _bde bde; fi',
    '',
  ].join('\n');
}

function topicFunction({ name, commands }: CommandTree['topics'][number]): readonly string[] {
  return [
    '',
    `_bde_${name}() {`,
    '  local curcontext="$curcontext" context state state_descr line',
    '  typeset -A opt_args',
    "  _arguments -C '1: :->first' '*:: :->rest'",
    '  case $state in',
    '    first)',
    '      local -a words',
    `      words=(${commands.map(describedWord).join(' ')})`,
    "      _describe 'command' words",
    '      ;;',
    '    rest)',
    '      case $line[1] in',
    ...commands.flatMap((command) => [`        ${command.name})`, ...argumentLines(command, 10), '          ;;']),
    '      esac',
    '      ;;',
    '  esac',
    '}',
  ];
}

function describedWord({ name, summary }: { readonly name: string; readonly summary: string }): string {
  return quoted(`${name}:${summary.replaceAll(':', '\\:')}`);
}

function argumentLines({ flags, choices }: CommandWords, indent: number): readonly string[] {
  const rest = choices.length === 0 ? quoted('*: :_files') : quoted(`1: :(${choices.join(' ')})`);
  const specs = [...flags.map(flagSpec), rest];
  return [`${' '.repeat(indent)}_arguments ${specs.join(' ')}`];
}

/** `--name=[summary]: :_files`; brackets and colons mean something there. */
function flagSpec({ name, takesValue, summary }: FlagWords): string {
  const text = summary.replace(/[[\]:\\]/g, (sign) => `\\${sign}`);
  return quoted(takesValue ? `--${name}=[${text}]: :_files` : `--${name}[${text}]`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
