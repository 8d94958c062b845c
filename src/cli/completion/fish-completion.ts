import type { CommandTree, CommandWords } from './command-tree.js';

/** A completion script for fish. */
export function fishCompletion(tree: CommandTree): string {
  const first = [...tree.topics, ...tree.commands];
  return [
    '# Completion of bde for fish; made by the build.',
    'complete -c bde -f',
    ...first.map(({ name, summary }) => `complete -c bde -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`),
    ...tree.topics.flatMap(({ name, commands }) => topicLines(name, commands)),
    ...tree.commands.flatMap((command) => followUps(`__fish_seen_subcommand_from ${command.name}`, command)),
    '',
  ].join('\n');
}

function topicLines(topic: string, commands: readonly CommandWords[]): readonly string[] {
  const names = commands.map(({ name }) => name).join(' ');
  const inTopic = `__fish_seen_subcommand_from ${topic}`;
  return commands.flatMap((command) => [
    `complete -c bde -n ${quoted(`${inTopic}; and not __fish_seen_subcommand_from ${names}`)} -a ${command.name} -d ${quoted(command.summary)}`,
    ...followUps(`${inTopic}; and __fish_seen_subcommand_from ${command.name}`, command),
  ]);
}

function followUps(condition: string, { flags, choices }: CommandWords): readonly string[] {
  const after = `complete -c bde -n ${quoted(condition)}`;
  return [
    ...flags.map(({ name, char, takesValue, summary }) => {
      const short = char === null ? '' : ` -s ${char}`;
      return `${after} -l ${name}${short}${takesValue ? ' -r -F' : ''} -d ${quoted(summary)}`;
    }),
    choices.length === 0 ? `${after} -F` : `${after} -a ${quoted(choices.join(' '))}`,
  ];
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, (sign) => `\\${sign}`)}'`;
}
