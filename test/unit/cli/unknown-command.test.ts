import { describe, expect, it } from 'vitest';
import { unknownCommand } from '../../../src/cli/unknown-command.js';

const IDS = ['cluster:create', 'cluster:list', 'cluster:show', 'spec:list', 'spec:show', 'doctor'];

describe('unknownCommand', () => {
  it.each([
    [['cluster', 'lst'], 'bde has no command "cluster lst"; did you mean "cluster list"?'],
    [['clustr', 'list'], 'bde has no command "clustr"; did you mean "cluster list"?'],
    [['clustr'], 'bde has no command "clustr"; did you mean "cluster"?'],
    [['cluster', 'shw', 'mesos-basic'], 'bde has no command "cluster shw"; did you mean "cluster show"?'],
    [['docter'], 'bde has no command "docter"; did you mean "doctor"?'],
    [['list', 'spec'], 'bde has no command "list"; did you mean "spec list"?'],
    [['create'], 'bde has no command "create"; did you mean "cluster create"?'],
    [['wurst'], 'bde has no command "wurst".'],
    [['cluster', 'wurst'], 'bde has no command "cluster wurst".'],
    [['__proto__'], 'bde has no command "__proto__".'],
    [['cluster', 'constructor'], 'bde has no command "cluster constructor".'],
  ])('says of %j what was probably meant', (words, message) => {
    const error = unknownCommand(words, IDS);

    expect(error.code).toBe('USAGE');
    expect(error.message).toBe(message);
  });

  it('points at the help of the topic where the topic is right', () => {
    expect(unknownCommand(['cluster', 'lst'], IDS).hint).toBe('See bde cluster --help.');
    expect(unknownCommand(['wurst'], IDS).hint).toBe('See bde --help.');
  });

  it('asks of what where several topics have the verb', () => {
    expect(unknownCommand(['list'], IDS).hint).toBe('Say of what: bde cluster list, bde spec list.');
  });

  it('says that a command takes no arguments where oclif took them for its name', () => {
    expect(unknownCommand(['cluster', 'list', 'a', 'b'], IDS).message).toBe(
      'bde cluster list takes no argument; there is also "a", "b".',
    );
  });

  it('says of a flag that a command comes first', () => {
    expect(unknownCommand(['--plan'], IDS).message).toBe('A command comes first; bde itself has no flag "--plan".');
  });

  it('shows nothing of a name that a terminal would act on', () => {
    expect(unknownCommand(['\u001b[31mx'], IDS).message).toBe('bde has no command "\\u001b[31mx".');
  });

  it('answers quickly and shortly for a very long word', () => {
    expect(unknownCommand(['x'.repeat(100_000)], IDS).message.length).toBeLessThan(120);
  });
});
