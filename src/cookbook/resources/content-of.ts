import { didYouMean } from '../../spec/document/nearest-name.js';
import type { Cookbook } from '../cookbook.js';
import type { ParameterReader } from './read-parameter.js';
import type { ResolveContext } from './resource-kind.js';

/**
 * The content of a resource that has `source` (a file of `files/`) or `content`.
 *
 * @throws BdeError `COOKBOOK_INVALID` where it has both or none, or the file is not there
 */
export function contentOf(
  reader: ParameterReader,
  cookbook: Cookbook,
  problem: ResolveContext['problem'],
): string | Buffer {
  if (reader.has('content') === reader.has('source')) throw problem(null, 'has to have one of "source" and "content"');
  if (reader.has('content')) return reader.text('content');
  const source = reader.text('source');
  const found = cookbook.files[source];
  if (found !== undefined) return found;
  throw problem(
    'source',
    `names files/${source}, which is not there${didYouMean(source, Object.keys(cookbook.files))}`,
  );
}
