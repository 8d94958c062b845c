import blocks from '../shell/blocks.sh';
import edits from '../shell/edits.sh';
import files from '../shell/files.sh';
import lack from '../shell/lack.sh';
import script from './block_in_file.sh';
import { maskSecrets } from '../secret-token.js';
import { sha256 } from '../sha256.js';
import { editCall } from './edit-call.js';
import { markedBlock } from './marked-block.js';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { ResolveContext, ResourceKind } from './resource-kind.js';

/** Lines between two marker lines, in a file that is otherwise left alone. */
export const blockInFile: ResourceKind = {
  kind: 'block_in_file',
  revision: 1,
  scripts: [files, lack, edits, blocks, script],
  resolve(resource, context) {
    const { input, problem } = context;
    const reader = readParameters(resource, problem);
    const marker = reader.word('marker', 'block');
    const comment = commentOf(reader, problem);
    const isWanted = reader.choice('state', ['present', 'absent']) === 'present';
    const text = isWanted ? textOf(reader, context) : '';
    const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
    const { first, last, block } = markedBlock(marker, comment, lines);
    if (lines.includes(first) || lines.includes(last)) throw problem(null, 'has its own marker among its lines');
    const call = editCall(reader, text, problem);
    const digest = isWanted ? { sha256: sha256(maskSecrets(lines.join('\n'), input.secretMac)) } : {};
    return {
      ...call,
      parameters: { ...call.parameters, marker, comment, ...digest },
      function: 'block_in_file',
      arguments: [...call.arguments, first, last, block],
      name: `${call.edits}: ${marker}`,
    };
  },
};

function textOf(reader: ParameterReader, { renderTemplate, problem }: ResolveContext): string {
  if (reader.has('content') === reader.has('source')) throw problem(null, 'has to have one of "source" and "content"');
  return reader.has('content') ? reader.text('content') : renderTemplate(reader.text('source'));
}

function commentOf(reader: ParameterReader, problem: ResolveContext['problem']): string {
  const comment = reader.text('comment', '#');
  if (/^[!-~]+(?: [!-~]+)?$/.test(comment)) return comment;
  const allowed = 'what begins a comment, such as "#" or "//", with what ends it behind a blank, such as "<!-- -->"';
  throw problem('comment', `is ${JSON.stringify(comment)}; allowed is ${allowed}`);
}
