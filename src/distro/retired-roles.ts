import { validateRetiredRoles } from '../generated/validators.js';
import { documentValue } from '../spec/document/check-document.js';
import { throwFindings } from '../spec/document/finding.js';
import { checkPattern } from './check-pattern.js';
import type { ParsedDocument } from '../spec/document/parse-document.js';

/** Roles of a product that is not shipped; data, so that no product is known to code. */
export interface RetiredRole {
  /** Regular expression that a whole role name matches. */
  readonly pattern: string;
  readonly product: string;
  /** A clause. */
  readonly reason: string;
  /** The role to use instead. */
  readonly use?: string;
}

/**
 * The entries of `distros/retired-roles.json`.
 *
 * @throws BdeError `MANIFEST_INVALID` with several findings, a lone one as itself
 */
export function parseRetiredRoles(document: ParsedDocument): readonly RetiredRole[] {
  const entries = documentValue<readonly RetiredRole[]>(document, validateRetiredRoles, 'MANIFEST_INVALID');
  const broken = entries.flatMap(({ pattern }, index) => checkPattern({ document, path: [index, 'pattern'] }, pattern));
  throwFindings(broken, 'MANIFEST_INVALID', document.file);
  return entries;
}

/** The first entry that a role's name matches. */
export function findRetired(role: string, retired: readonly RetiredRole[]): RetiredRole | undefined {
  return retired.find(({ pattern }) => new RegExp(`^(?:${pattern})$`, 'u').test(role));
}
