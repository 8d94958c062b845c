import { BdeError } from '../errors/bde-error.js';
import { nearestName } from '../spec/document/nearest-name.js';
import { quoteText } from '../spec/document/quote-source.js';

/**
 * The error for words that are no command, with the command that was most likely meant.
 *
 * `commandIds` are oclif's, parts joined by colons (`cluster:show`).
 */
export function unknownCommand(words: readonly string[], commandIds: readonly string[]): BdeError {
  const [first = ''] = words;
  if (first.startsWith('-')) {
    return new BdeError('USAGE', `A command comes first; bde itself has no flag ${quoteText(first)}.`, {
      hint: 'See bde --help.',
    });
  }
  const commands = commandIds.map((id) => id.split(':'));
  const known = commands.find((command) => command.every((word, index) => words[index] === word));
  if (known !== undefined) return superfluous(known, words.slice(known.length));
  const isTopic = commands.some(([topic, name]) => topic === first && name !== undefined);
  // What follows may be arguments of the command that was meant.
  const told = words.slice(0, isTopic ? 2 : 1).join(' ');
  const nearest = nearestCommand(words, commands);
  const question = nearest === undefined ? '.' : `; did you mean "${nearest.join(' ')}"?`;
  return new BdeError('USAGE', `bde has no command ${quoteText(told)}${question}`, {
    hint: isTopic ? `See bde ${first} --help.` : (chooseTopic(first, commands) ?? 'See bde --help.'),
  });
}

/** oclif takes what follows a command without arguments for a part of its name. */
function superfluous(command: Words, rest: Words): BdeError {
  const name = `bde ${command.join(' ')}`;
  return new BdeError('USAGE', `${name} takes no argument; there is also ${rest.map(quoteText).join(', ')}.`, {
    hint: `See ${name} --help.`,
  });
}

/** For a verb that several topics have. */
function chooseTopic(verb: string, commands: readonly Words[]): string | undefined {
  const found = commands.filter(([, name]) => name === verb).map((words) => `bde ${words.join(' ')}`);
  return found.length > 1 ? `Say of what: ${found.join(', ')}.` : undefined;
}

type Words = readonly string[];

/** `clster show x` and `cluster shw x` → `cluster show`; `create` → `cluster create`; `list cluster` → `cluster list`. */
function nearestCommand(words: Words, commands: readonly Words[]): Words | undefined {
  return (
    nearestInOrder(words, commands) ??
    nearestInOrder(words.slice(0, 2).toReversed(), commands) ??
    onlyOneNamed(words, commands)
  );
}

function nearestInOrder([first = '', second]: Words, commands: readonly Words[]): Words | undefined {
  const topic = nearestName(first.slice(0, 100), new Set(commands.map(([name = '']) => name)));
  if (topic === undefined) return undefined;
  const below = commands.filter(([name]) => name === topic);
  const names = below.flatMap(([, name]) => name ?? []);
  const name = second === undefined ? undefined : nearestName(second.slice(0, 100), names);
  if (name !== undefined) return [topic, name];
  // A topic that was named right is no suggestion: its commands are what is asked for.
  return topic === first ? undefined : [topic];
}

/** A verb that one topic alone has. */
function onlyOneNamed([verb]: Words, commands: readonly Words[]): Words | undefined {
  const [command, ...others] = commands.filter(([, name]) => name === verb);
  return others.length === 0 ? command : undefined;
}
