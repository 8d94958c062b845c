import { BdeError } from '../errors/bde-error.js';
import { placedError } from './placed-error.js';
import type { RunResource } from './run-resource.js';
import type { Role } from './types.js';

/** Facts that the run would not export, though the role declares them: its readers would wait in vain. */
export function checkFacts(role: Role, resources: readonly RunResource[]): readonly BdeError[] {
  const given = resources.filter(({ kind }) => kind.kind === 'fact');
  const ids = new Set(given.map(({ id }) => id));
  const missing = Object.entries(role.facts).filter(
    ([name, { command }]) => command === null && !ids.has(`fact[${name}]`),
  );
  return [
    ...missing.map(([name]) => notGiven(role, name)),
    ...given
      .filter(({ guards }) => Object.values(guards).some((guard) => guard !== null))
      .map(({ id, place }) =>
        placedError(place, `${id} has a guard; allowed is "when" alone, for each run exports it`),
      ),
  ];
}

function notGiven(role: Role, name: string): BdeError {
  const message = `The fact ${name} of ${role.name} has no command, and no resource of its recipes gives it`;
  return new BdeError('COOKBOOK_INVALID', message, {
    subject: { role: role.name },
    hint: `Give it a command in roles/${role.name}.yaml, or write "- fact: ${name}" with a command in a recipe.`,
  });
}
