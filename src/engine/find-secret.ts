import { BdeError } from '../errors/bde-error.js';
import { didYouMean } from '../spec/document/nearest-name.js';
import { quoteText } from '../spec/document/quote-source.js';
import type { ClusterSecret } from './cluster-secrets.js';

/**
 * The secret of a cluster that a name means: its own name, or its attribute's where only one secret is of that.
 *
 * @throws BdeError `UNKNOWN_SECRET`; `SECRET_REFUSED` for a fact, which its role makes
 */
export function findSecret(secrets: readonly ClusterSecret[], name: string, cluster: string): ClusterSecret {
  const exact = secrets.find((secret) => secret.name === name);
  const meant = exact === undefined ? secrets.filter(({ attribute }) => attribute === name) : [exact];
  const [one, another] = meant;
  if (one !== undefined && another === undefined) return one;
  if (name.startsWith('fact/')) throw ownedByRole(name, cluster);
  throw new BdeError(
    'UNKNOWN_SECRET',
    one === undefined ? noneOf(secrets, name, cluster) : several(meant, name, cluster),
    {
      subject: { cluster },
      hint: `See them with bde secret list ${cluster}.`,
    },
  );
}

function noneOf(secrets: readonly ClusterSecret[], name: string, cluster: string): string {
  const known = secrets.flatMap((secret) => [secret.name, secret.attribute]);
  return `The cluster ${cluster} has no secret ${quoteText(name)}${didYouMean(name, known) || '.'}`;
}

function several(meant: readonly ClusterSecret[], name: string, cluster: string): string {
  const names = meant.map((secret) => secret.name).join(', ');
  return `The cluster ${cluster} has ${String(meant.length)} secrets of ${quoteText(name)}: ${names}.`;
}

function ownedByRole(name: string, cluster: string): BdeError {
  const [, role = '', node = ''] = name.split('/');
  return new BdeError('SECRET_REFUSED', `The secret ${name} is a fact: the role ${role} makes it on ${node}.`, {
    subject: { cluster, node, role },
    hint: `Have it made anew there, then run the role again: bde cluster converge ${cluster}.`,
  });
}
