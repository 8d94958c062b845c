import { validRange } from 'semver';
import { validateCookbookMetadata } from '../generated/validators.js';
import { documentValue } from '../spec/document/check-document.js';
import { findingAt, throwFindings } from '../spec/document/finding.js';
import type { ParsedDocument } from '../spec/document/parse-document.js';
import type { Cookbook } from './cookbook.js';
import { keyPlace } from './document-place.js';

interface WrittenMetadata {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly bde?: string;
  readonly depends?: Readonly<Record<string, string>>;
}

/** What `metadata.yaml` says of a cookbook. */
export type Metadata = Pick<Cookbook, 'name' | 'version' | 'summary' | 'requirements'>;

/**
 * The metadata of the cookbook in the folder of this name.
 *
 * @throws BdeError `FIELD_INVALID`, or `COOKBOOK_INVALID` with all findings
 */
export function parseMetadata(folder: string, document: ParsedDocument): Metadata {
  const written = documentValue<WrittenMetadata>(document, validateCookbookMetadata, 'COOKBOOK_INVALID');
  const { name, version, summary, bde = null, depends = {} } = written;
  const ranges = Object.entries(depends).map(([other, range]) => [['depends', other], range] as const);
  const broken = [...ranges, ...(bde === null ? [] : [[['bde'], bde] as const])]
    .filter(([, range]) => validRange(range) === null)
    .map(([path, range]) => misfit(document, path, `is ${JSON.stringify(range)}; allowed is ${RANGE}`));
  const misnamed = name === folder ? [] : [misfit(document, ['name'], nameProblem(name, folder))];
  throwFindings([...misnamed, ...broken], 'COOKBOOK_INVALID', document.file);
  const placeOf = (path: readonly string[]) => keyPlace(document, path);
  return { name, version, summary, requirements: { bde, depends, placeOf } };
}

const RANGE = 'a range of versions, such as ">=1.2 <2"';

function nameProblem(name: string, folder: string): string {
  return `is "${name}"; allowed is the folder's name, "${folder}"`;
}

function misfit(document: ParsedDocument, path: readonly string[], text: string) {
  return findingAt({ document, path }, { code: 'FIELD_INVALID', message: `${path.join('.')} ${text}` });
}
