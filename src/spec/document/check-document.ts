import type { BdeError } from '../../errors/bde-error.js';
import type { ErrorCode } from '../../errors/codes.js';
import { explainSchemaError } from './explain-schema-error.js';
import { throwFindings } from './finding.js';
import type { ParsedDocument } from './parse-document.js';
import type { SchemaError, SchemaValidator } from './schema-validator.js';
import { valueAt, type DocumentPath } from './source-tree.js';

const MAX_FINDINGS = 100;

/** More are not even put into words: a list of a million wrong values has as many. */
const MAX_SCHEMA_ERRORS = 1000;

/**
 * Everything that is wrong with a document: errors of its text, then those of its fields, each with its place.
 * Empty means that the value fits the schema. Fields of a text that could not be read are not looked at.
 */
export function checkDocument(document: ParsedDocument, validator: SchemaValidator): readonly BdeError[] {
  if (!document.wellFormed) return document.errors;
  return [...document.errors, ...checkPart(document, [], validator)];
}

/** Everything that is wrong with the fields at and below a path, by place; errors of the text are not repeated. */
export function checkPart(
  document: ParsedDocument,
  path: DocumentPath,
  validator: SchemaValidator,
): readonly BdeError[] {
  if (validator(valueAt(document.value, path))) return [];
  const findings = rootErrors((validator.errors ?? []).slice(0, MAX_SCHEMA_ERRORS)).map((error) =>
    explainSchemaError(error, document, path),
  );
  return distinct(findings).slice(0, MAX_FINDINGS);
}

/**
 * The value of a document that fits its schema.
 *
 * The type is the caller's word for what the schema describes; nothing compares the two.
 *
 * @throws BdeError the one finding as itself, or `code` with all of them as failures
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a cast, and its docstring says so
export function documentValue<Value>(document: ParsedDocument, validator: SchemaValidator, code: ErrorCode): Value {
  throwFindings(checkDocument(document, validator), code, document.file);
  return document.value as Value;
}

/** Without the errors that only repeat others: branches of a failed `anyOf`, and the `if` around a failed branch. */
function rootErrors(errors: readonly SchemaError[]): readonly SchemaError[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const isBranch = (error: SchemaError) =>
    choices.some((choice) => error.schemaPath.startsWith(`${choice.schemaPath}/`));
  return errors.filter((error) => error.keyword !== 'if' && error.keyword !== 'propertyNames' && !isBranch(error));
}

function distinct(findings: readonly BdeError[]): readonly BdeError[] {
  return [...new Map(findings.map((finding) => [finding.message, finding])).values()].sort(byPlace);
}

function byPlace(a: BdeError, b: BdeError): number {
  return (a.subject.line ?? 0) - (b.subject.line ?? 0) || (a.subject.column ?? 0) - (b.subject.column ?? 0);
}
