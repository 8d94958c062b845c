import type { BdeError } from '../errors/bde-error.js';
import { findingAt } from '../spec/document/finding.js';
import type { ParsedDocument } from '../spec/document/parse-document.js';
import { attributeFinding } from './attribute-problem.js';
import { checkDeclared } from './check-attributes.js';
import type { ValueSchema } from './value-schema.js';

/** What is wrong with the defaults of values that a document describes below a path, each against its own description. */
export function checkDefaults(
  document: ParsedDocument,
  described: Readonly<Record<string, ValueSchema>>,
  below: readonly string[],
  noun: string,
): readonly BdeError[] {
  return Object.entries(described).flatMap(([name, schema]) => {
    if (schema.default === undefined) return [];
    return checkDeclared({ [name]: schema }, { [name]: schema.default }, [], noun).map((problem) => {
      const path = [...below, name, 'default', ...problem.path.slice(1)];
      return findingAt({ document, path }, attributeFinding(problem, document.file, document.sourceOf(path)));
    });
  });
}
