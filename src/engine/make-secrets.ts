import { generateSecret } from '../cookbook/generate-secret.js';
import { BdeError } from '../errors/bde-error.js';
import { Secret } from '../errors/secret.js';
import type { ClusterSecret } from './cluster-secrets.js';
import type { EngineDependencies } from './context.js';

/**
 * New random values for secrets whose cookbooks say how one is made, by name.
 *
 * @throws BdeError `SECRET_REFUSED`
 */
export function makeSecrets(
  secrets: readonly ClusterSecret[],
  { clock }: Pick<EngineDependencies, 'clock'>,
): ReadonlyMap<string, Secret> {
  return new Map(
    secrets.map((secret) => {
      const value = generateSecret(secret.schema, (count) => clock.randomBytes(count));
      if (value === null) throw notMade(secret);
      return [secret.name, new Secret(value)];
    }),
  );
}

function notMade({ name, attribute }: ClusterSecret): BdeError {
  return new BdeError('SECRET_REFUSED', `No value can be made for the secret ${name}: ${whyNot(attribute)}.`, {
    hint: 'Give it one: bde secret set CLUSTER NAME.',
  });
}

function whyNot(attribute: string): string {
  return `its cookbook does not say how, or says limits that no random value fits (generate of ${attribute})`;
}
