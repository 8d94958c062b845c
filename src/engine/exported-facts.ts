import type { NodeName } from '../errors/ids.js';
import { BdeError } from '../errors/bde-error.js';
import { Secret } from '../errors/secret.js';
import { checkFact } from '../cookbook/check-fact.js';
import type { Json, Role } from '../cookbook/types.js';
import type { Sealer } from './ports/sealer.js';
import type { ExportedFact, RunResult } from './steps/run-result.js';

/**
 * The facts that a run exported, checked against what its role declares, for output of a node is hostile until then;
 * secret ones are sealed. Where they do not fit, none is kept, and the problem says why without a value.
 */
export async function sealFacts(
  values: ReadonlyMap<string, Json>,
  declared: Role['facts'],
  sealer: Pick<Sealer, 'seal'>,
): Promise<Pick<RunResult, 'facts' | 'factProblem'>> {
  const factProblem = findProblem(values, declared);
  if (factProblem !== null) return { facts: [], factProblem };
  const facts: ExportedFact[] = [];
  for (const [name, value] of values) {
    const secret = declared[name]?.secret ?? false;
    facts.push({ name, secret, value: secret ? await sealer.seal(new Secret(JSON.stringify(value))) : value });
  }
  return { facts, factProblem: null };
}

function findProblem(values: ReadonlyMap<string, Json>, declared: Role['facts']): string | null {
  const undeclared = [...values.keys()].find((name) => !Object.hasOwn(declared, name));
  if (undeclared !== undefined) return `the fact ${JSON.stringify(undeclared.slice(0, 80))} is not declared`;
  for (const [name, { schema, secret }] of Object.entries(declared)) {
    const value = values.get(name);
    if (value === undefined) return `the fact ${name} is missing`;
    const problem = checkFact(schema, value);
    // What is wrong with a secret may tell what it is.
    if (problem !== null) return `the fact ${name} does not fit its schema${secret ? '' : `: ${problem}`}`;
  }
  return null;
}

/** The error for a run that ended well but exported what its role does not declare. */
export function factError(
  owner: { readonly cluster: string; readonly node: NodeName; readonly key: string },
  problem: string,
): BdeError {
  const { cluster, node, key } = owner;
  return new BdeError('CONVERGE_FAILED', `What ${key} on ${node} exports is refused: ${problem}.`, {
    subject: { cluster, node, role: key },
    hint: `Look at what the fact's command prints there, or correct it in roles/${key}.yaml.`,
  });
}
