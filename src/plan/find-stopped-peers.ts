import type { NodeName } from '../errors/ids.js';
import type { Desired, Observed } from './desired.js';

/** A role whose members are to change while all that stay are to be off: nobody is there to let others in or out. */
export interface StoppedPeers {
  readonly role: string;
  /** Those that stay, off. */
  readonly stopped: readonly NodeName[];
  readonly coming: readonly NodeName[];
  readonly leaving: readonly NodeName[];
}

/** Roles that let members in or out by way of a peer, and whose peers are all to be off; in the order of the roles. */
export function findStoppedPeers({ nodes, roles }: Desired, observed: Observed): readonly StoppedPeers[] {
  return roles
    .filter(({ can }) => can.join || can.leave)
    .map(({ name }): StoppedPeers => {
      const members = new Set(
        observed.nodes.filter(({ memberOf }) => memberOf.includes(name)).map((node) => node.name),
      );
      const bearers = nodes.filter((node) => node.roles.includes(name));
      const staying = bearers.filter((node) => members.has(node.name));
      const kept = new Set(staying.map((node) => node.name));
      return {
        role: name,
        stopped: staying.every(({ power }) => power === 'off') ? [...kept] : [],
        coming: bearers.filter((node) => !members.has(node.name)).map((node) => node.name),
        leaving: [...members].filter((node) => !kept.has(node)),
      };
    })
    .filter(({ stopped, coming, leaving }) => stopped.length > 0 && coming.length + leaving.length > 0);
}
