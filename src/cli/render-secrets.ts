import { renderTable } from '../report/render-table.js';
import type { SecretLine, SecretList } from './services/list-secrets.js';

/** More nodes are counted instead of named. */
const NAMED_NODES = 3;

/** The secrets of a cluster as a table, and what nobody can say yet. */
export function renderSecrets({ secrets, waiting }: SecretList): readonly string[] {
  const table = renderTable({
    columns: ['name', 'origin', 'source', 'set at', 'roles', 'nodes'].map((title) => ({ title })),
    rows: secrets.map((secret) => [
      secret.name,
      secret.origin,
      secret.source,
      secret.setAt,
      secret.roles.join(','),
      nodesText(secret),
    ]),
  });
  if (waiting.length === 0) return table;
  const who = waiting.map(({ role, node }) => `${role} on ${node}`).join(', ');
  return [...table, '', `What these need is known once they have converged: ${who}.`];
}

function nodesText({ nodes }: SecretLine): string {
  return nodes.length > NAMED_NODES ? `${String(nodes.length)} nodes` : nodes.join(',');
}
