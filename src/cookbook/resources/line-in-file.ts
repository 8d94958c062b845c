import edits from '../shell/edits.sh';
import files from '../shell/files.sh';
import lack from '../shell/lack.sh';
import script from './line_in_file.sh';
import { hasSecretToken } from '../secret-token.js';
import { sha256 } from '../sha256.js';
import { editCall, lineOf, patternOf } from './edit-call.js';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

const MAX_TITLE_LENGTH = 60;

/** One line of a file that is otherwise left alone. */
export const lineInFile: ResourceKind = {
  kind: 'line_in_file',
  revision: 1,
  scripts: [files, lack, edits, script],
  resolve(resource, { problem }) {
    const reader = readParameters(resource, problem);
    const match = reader.has('match') ? patternOf(reader, 'match', problem) : '';
    const line = reader.has('line')
      ? lineOf(reader.text('line'), () => problem('line', 'is no line: it is empty or has a line end'))
      : '';
    const call = editCall(reader, line, problem);
    if (call.state === 'present' && line === '') throw problem(null, 'has to have "line"');
    if (line === '' && match === '') throw problem(null, 'has to have "line" or "match"');
    return {
      ...call,
      parameters: { ...call.parameters, ...(line === '' ? {} : { line }), ...(match === '' ? {} : { match }) },
      function: 'line_in_file',
      arguments: [...call.arguments, match, { content: line }],
      name: `${call.edits}: ${titleOf(line, match)}`,
    };
  },
};

/** Tells the lines of one file apart: the line, or its pattern where it holds a secret or is not given. */
function titleOf(line: string, match: string): string {
  if (line !== '' && !hasSecretToken(line)) return shortened(line);
  return match === '' ? `a secret ${sha256(line).slice(0, 8)}` : shortened(match);
}

function shortened(text: string): string {
  if (text.length <= MAX_TITLE_LENGTH) return text;
  return `${text.slice(0, MAX_TITLE_LENGTH)}… ${sha256(text).slice(0, 8)}`;
}
