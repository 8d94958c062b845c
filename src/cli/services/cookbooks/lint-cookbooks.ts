import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Cookbook } from '../../../cookbook/cookbook.js';
import { lintCookbook } from '../../../cookbook/lint/lint-cookbook.js';
import { sortFindings, type LintFinding } from '../../../cookbook/lint/lint-finding.js';
import { shellSnippets } from '../../../cookbook/lint/shell-snippets.js';
import { parseCookbook } from '../../../cookbook/parse-cookbook.js';
import type { CookbookSource } from '../../../cookbook/types.js';
import { isBdeError } from '../../../errors/bde-error.js';
import { readCookbook } from '../../../files/read-cookbooks.js';
import type { DataRequest } from '../find-data-folders.js';
import { checkShell } from './check-shell.js';
import { cookbookNamed, findCookbooks, type FoundCookbooks } from './find-cookbooks.js';
import { rolesTogether } from './roles-together.js';

/** `bde cookbook lint`; `formatVersion` 1. */
export interface LintReport {
  readonly formatVersion: 1;
  /** False where one of the findings is an error. */
  readonly holds: boolean;
  /** What was looked at, in the order in which it was named. */
  readonly cookbooks: readonly { readonly name: string; readonly path: string }[];
  /** False where shellcheck is not installed; `sh -n` is always asked. */
  readonly shellcheck: boolean;
  /** By file, line and column. */
  readonly findings: readonly LintLine[];
}

/** One finding. */
export interface LintLine extends Omit<LintFinding, 'place'> {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Looks at cookbooks, by name or by folder; at all that there are where none is named.
 *
 * @throws BdeError `USAGE` for an unknown name, `FILE_UNREADABLE`
 */
export async function lintCookbooks(
  labels: readonly string[],
  data: DataRequest,
  projectRoot: string,
): Promise<LintReport> {
  const found = await findCookbooks(data, projectRoot);
  const sources = labels.length === 0 ? found.sources : await Promise.all(labels.map((label) => named(label, found)));
  const others = found.sources.flatMap((source) => parsedIfSound(source));
  const surroundings = {
    others: [...sources.flatMap((source) => parsedIfSound(source)), ...others].filter(isFirstOfItsName),
    together: await rolesTogether(found.folders),
  };
  const shell = await checkShell(sources.flatMap(shellSnippets));
  const read = sources.flatMap((source) => lintCookbook(source, surroundings));
  const findings = sortFindings([...read, ...shell.findings]);
  return {
    formatVersion: 1,
    holds: findings.every(({ severity }) => severity === 'warning'),
    cookbooks: sources.map(({ name, path }) => ({ name, path })),
    shellcheck: shell.shellcheck,
    findings: findings.map(({ place: { file, line, column }, ...finding }) => ({ ...finding, file, line, column })),
  };
}

/** A folder wins over a name only where it is written like a path. */
async function named(label: string, found: FoundCookbooks): Promise<CookbookSource> {
  if (!label.includes('/') && !(await isForeignCookbook(label, found))) return cookbookNamed(label, found);
  return readCookbook(basename(resolve(label)), label.replace(/\/+$/, ''));
}

/** A cookbook in the current folder, of a name that is not among those that were found. */
async function isForeignCookbook(label: string, { sources }: FoundCookbooks): Promise<boolean> {
  if (sources.some(({ name }) => name === label)) return false;
  return stat(`${label}/metadata.yaml`).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

function parsedIfSound(source: CookbookSource): readonly Cookbook[] {
  try {
    return [parseCookbook(source)];
  } catch (error) {
    if (!isBdeError(error)) throw error;
    return [];
  }
}

function isFirstOfItsName(cookbook: Cookbook, index: number, all: readonly Cookbook[]): boolean {
  return all.findIndex(({ name }) => name === cookbook.name) === index;
}
