import { validateClusterSpec } from '../generated/validators.js';
import type { BdeError } from '../errors/bde-error.js';
import { checkSpecRules } from './check-spec-rules.js';
import type { ClusterSpec, SpecWarning } from './cluster-spec.js';
import { findNameClashes, toUserDialect } from './dialect.js';
import { checkDocument } from './document/check-document.js';
import { findingAt, throwFindings } from './document/finding.js';
import type { ParsedDocument } from './document/parse-document.js';
import { isJsonObject, type Json } from './json.js';
import { toNormalForm } from './normal-form.js';
import type { RawCluster } from './raw-spec.js';
import { specSourceOf, type SpecSource } from './spec-source.js';

/** A spec that holds by itself; whether its roles exist and fit is `resolveCluster`'s to say. */
export interface ReadSpec {
  readonly spec: ClusterSpec;
  readonly warnings: readonly SpecWarning[];
  /** For findings that come later. */
  readonly source: SpecSource;
}

/**
 * A cluster spec in normal form, from either dialect.
 *
 * @throws BdeError `SYNTAX_INVALID`, `FIELD_UNKNOWN`, `FIELD_INVALID`; `SPEC_INVALID` with all of several findings
 */
export function parseClusterSpec(document: ParsedDocument): ReadSpec {
  throwFindings(
    [...checkDocument(document, validateClusterSpec), ...checkNames(document)],
    'SPEC_INVALID',
    document.file,
  );
  // The schema has seen every field: the value is JSON and fits.
  const source = specSourceOf(document);
  const { spec, warnings } = toNormalForm(toUserDialect(document.value as Json) as unknown as RawCluster);
  const rules = checkSpecRules(spec, source);
  throwFindings(rules.findings, 'SPEC_INVALID', document.file);
  return { spec, warnings: [...warnings, ...rules.warnings], source };
}

/** What one schema for two dialects cannot say. */
function checkNames(document: ParsedDocument): readonly BdeError[] {
  if (!isJsonObject(document.value)) return [];
  const clashes = findNameClashes(document.value).map(({ path, names: [first, second] }) =>
    findingAt(
      { document, path, part: 'key' },
      {
        code: 'FIELD_INVALID',
        message: `"${first}" and "${second}" are two names of one field`,
        hint: 'Remove one of them.',
      },
    ),
  );
  if ('nodeGroups' in document.value || 'groups' in document.value) return clashes;
  return [...clashes, lacksGroups(document)];
}

function lacksGroups(document: ParsedDocument): BdeError {
  return findingAt(
    { document, path: [] },
    {
      code: 'FIELD_INVALID',
      message: 'the file lacks the field "nodeGroups"',
      hint: 'Name the groups of nodes; "bde spec init" writes a sample.',
    },
  );
}
