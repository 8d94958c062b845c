import { didYouMean } from '../../spec/document/nearest-name.js';
import type { DocumentPath } from '../../spec/document/source-tree.js';
import { runListOf, type RoleRun } from '../compile-role-run.js';
import type { Cookbook } from '../cookbook.js';
import type { SourcePlace } from '../render/source-place.js';
import type { CookbookSource, Role } from '../types.js';
import type { LintFinding } from './lint-finding.js';
import { documentIn } from './written-texts.js';

/** What a cookbook's roles name that is nowhere: recipes, and other roles. */
export function lintRoles(
  source: CookbookSource,
  cookbook: Cookbook,
  cookbooks: readonly Cookbook[],
): readonly LintFinding[] {
  return Object.values(cookbook.roles).flatMap(({ role }) => {
    const place = (path: DocumentPath): SourcePlace => rolePlace(source, role.name, path);
    return [
      ...unknownRecipes(role, cookbooks, place),
      ...unknownRoles(role, cookbooks, place),
      ...claimedTwice(role, cookbooks, place),
    ];
  });
}

/** Where something of a role's file stands. */
export function rolePlace(source: CookbookSource, role: string, path: DocumentPath): SourcePlace {
  const file = `roles/${role}.yaml`;
  const position = documentIn(source, file)?.locate(path, 'value') ?? { line: 1, column: 1 };
  return { file: `${source.path}/${file}`, line: position.line, column: position.column };
}

type PlaceOf = (path: DocumentPath) => SourcePlace;

function unknownRecipes(role: Role, cookbooks: readonly Cookbook[], place: PlaceOf): readonly LintFinding[] {
  const known = cookbooks.flatMap(({ name, recipes }) => Object.keys(recipes).map((recipe) => `${name}::${recipe}`));
  return runListsOf(role).flatMap(({ path, title, runList }) =>
    runList.flatMap((entry, index) =>
      known.includes(entry)
        ? []
        : [
            {
              rule: 'unknown-recipe' as const,
              severity: 'error' as const,
              place: place([...path, index]),
              message: `${title} names ${entry}, which is not there${didYouMean(entry, known)}`,
              hint: `Recipes are: ${known.toSorted().join(', ')}.`,
            },
          ],
    ),
  );
}

const OTHER_RUNS: readonly RoleRun[] = ['remove', 'backup', 'restore'];

/** Every list of recipes that a role's file has, and where. */
function runListsOf(
  role: Role,
): readonly { readonly path: DocumentPath; readonly title: string; readonly runList: readonly string[] }[] {
  return [
    { path: ['runList'], title: 'the run list', runList: role.runList },
    ...OTHER_RUNS.map((which) => ({ path: [which, 'runList'], title: which, runList: runListOf(role, which) ?? [] })),
  ];
}

function unknownRoles(role: Role, cookbooks: readonly Cookbook[], place: PlaceOf): readonly LintFinding[] {
  const known = cookbooks.flatMap(({ roles }) => Object.keys(roles));
  return (['requires', 'reads'] as const).flatMap((key) =>
    role[key].flatMap((name, index) =>
      known.includes(name)
        ? []
        : [
            {
              rule: 'unknown-role' as const,
              severity: 'error' as const,
              place: place([key, index]),
              message: `${key} names the role ${name}, which no cookbook has${didYouMean(name, known)}`,
              hint: `Roles are: ${known.toSorted().join(', ')}.`,
            },
          ],
    ),
  );
}

function claimedTwice(role: Role, cookbooks: readonly Cookbook[], place: PlaceOf): readonly LintFinding[] {
  const others = cookbooks.filter(({ name, roles }) => name !== role.cookbook && Object.hasOwn(roles, role.name));
  return others.map(({ name }) => ({
    rule: 'role-claimed-twice',
    severity: 'error',
    place: place([]),
    message: `the role ${role.name} is in the cookbook ${name} as well; a role belongs to one`,
    hint: 'Rename one of them.',
  }));
}
