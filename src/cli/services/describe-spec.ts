import type { ClusterSpec, SpecWarning } from '../../spec/cluster-spec.js';
import { parseDocument } from '../../spec/document/parse-document.js';
import { parseClusterSpec } from '../../spec/parse-cluster-spec.js';
import { readSpecText } from './read-catalogue.js';

/** `bde spec show`; `formatVersion` 1. */
export interface SpecDescription {
  readonly formatVersion: 1;
  /** As it was asked for. */
  readonly spec: string;
  readonly file: string;
  /** The file as it is. */
  readonly text: string;
  /** The spec in normal form: one dialect, bde's units, every default. */
  readonly normalForm: ClusterSpec;
  readonly warnings: readonly SpecWarning[];
}

/**
 * A spec as bde understands it.
 *
 * @throws BdeError of exit code 3 where it cannot be found, read or understood
 */
export async function describeSpec(label: string, projectRoot: string): Promise<SpecDescription> {
  const { path, text } = await readSpecText(label, projectRoot);
  const { spec, warnings } = parseClusterSpec(parseDocument(text, path));
  return { formatVersion: 1, spec: label, file: path, text, normalForm: spec, warnings };
}
