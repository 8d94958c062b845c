import accounts from '../shell/accounts.sh';
import files from '../shell/files.sh';
import units from '../shell/units.sh';
import script from './execute.sh';
import { quoteShell } from '../quote-shell.js';
import { encodeTokens, hasSecretToken } from '../secret-token.js';
import type { Json } from '../types.js';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

const DEFAULT_TIMEOUT_SECONDS = 600;

/** A command; with a guard it runs where the guard says so, without one each time. */
export const execute: ResourceKind = {
  kind: 'execute',
  revision: 1,
  scripts: [files, units, accounts, script],
  resolve(resource, { creates, timeoutSeconds, problem }) {
    const reader = readParameters(resource, problem);
    const text = commandText(reader);
    const user = reader.has('user') ? reader.word('user') : '';
    const seconds = reader.number('timeout_seconds', timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
    const notifiedOnly = reader.flag('notified_only', false);
    const secret = hasSecretToken(text) ? 'secret' : '';
    const args = [{ content: text }, user, String(seconds), secret, creates ?? ''];
    return {
      parameters: { ...writtenText(reader), user, notifiedOnly },
      function: notifiedOnly ? 'execute_idle' : 'execute',
      arguments: args,
      bounded: true,
      actions: { run: { function: 'execute_run', arguments: args } },
    };
  },
};

/** What the recipe says, for the digest: not the shell text that is made of it. */
function writtenText(reader: ParameterReader): Readonly<Record<string, Json>> {
  const cwd = reader.has('cwd') ? reader.path('cwd') : '';
  return { command: reader.text('command'), cwd, environment: reader.map('environment') };
}

/** Read whole by the shell before its first command runs, for that may read stdin. */
function commandText(reader: ParameterReader): string {
  const environment = Object.entries(reader.map('environment')).sort(([a], [b]) => (a < b ? -1 : 1));
  const exports = environment.map(([key, value]) => `export ${key}=${encodeTokens(quoteShell(value), 'sh')}`);
  const folder = reader.has('cwd') ? [`cd ${quoteShell(reader.path('cwd'))} || exit 1`] : [];
  return ['{', 'umask 022', ...exports, ...folder, reader.text('command'), '} </dev/null', ''].join('\n');
}
