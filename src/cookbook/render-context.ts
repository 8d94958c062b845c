import { BdeError } from '../errors/bde-error.js';
import { memoByIdentity } from './memo-by-identity.js';
import { bearersOf } from './nodes-by-role.js';
import { hasSecretToken } from './secret-token.js';
import type { CompileInput, Json, NodeView, Role } from './types.js';

/**
 * What the templates of one cookbook see while one role's run is compiled: plain data, nothing inherited.
 *
 * `roles` and `facts` have only what the role names under `requires` and `reads`, and the role itself: what it does not
 * name cannot change its files.
 */
export function renderContext(input: CompileInput, role: Role, cookbook: string): object {
  const visible = [...new Set([role.name, ...role.requires, ...role.reads])];
  const byRole = bearersOf(input.nodes);
  const nodesOf = (name: string): readonly NodeView[] => byRole.get(name) ?? [];
  return {
    cluster: input.cluster,
    node: input.node,
    nodes: input.nodes,
    roles: Object.fromEntries(visible.map((name) => [name, nodesOf(name)])),
    members: input.members,
    quorum: Math.floor(nodesOf(role.name).length / 2) + 1,
    attributes: input.attributes[cookbook] ?? {},
    facts: visibleFacts(input, visible),
    ...(input.backup === undefined ? {} : { backup: input.backup }),
    ...(input.mirror === null ? {} : { mirror: { url: input.mirror.url, caPath: input.mirror.caPath } }),
  };
}

function visibleFacts(input: CompileInput, visible: readonly string[]): Readonly<Record<string, Json>> {
  const entries = Object.entries(input.facts).filter(([role]) => visible.includes(role));
  return Object.fromEntries(entries);
}

/**
 * Refuses facts that are not secret and hold a secret's placeholder: a node that was taken over would have the value
 * filled in on another one.
 *
 * @throws BdeError `CONVERGE_FAILED`
 */
export function refusePlantedTokens({ facts }: Pick<CompileInput, 'facts'>, roles: ReadonlyMap<string, Role>): void {
  const planted = plantedIn(facts)(roles);
  if (planted !== null) throw plantedToken(planted);
}

interface PlantedFact {
  readonly role: string;
  readonly node: string;
  readonly fact: string;
}

/** The first such fact; null where there is none. Facts are the same for all that is compiled with what is known at one time. */
const plantedIn = memoByIdentity((facts: CompileInput['facts']) =>
  memoByIdentity((roles: ReadonlyMap<string, Role>): PlantedFact | null => {
    for (const [role, byNode] of Object.entries(facts)) {
      const declared = roles.get(role)?.facts ?? {};
      for (const [node, own] of Object.entries(byNode)) {
        const planted = Object.entries(own).find(
          ([name, value]) => declared[name]?.secret !== true && hasSecretToken(JSON.stringify(value)),
        );
        if (planted !== undefined) return { role, node, fact: planted[0] };
      }
    }
    return null;
  }),
);

function plantedToken({ role, node, fact }: PlantedFact): BdeError {
  return new BdeError(
    'CONVERGE_FAILED',
    `The fact ${fact} of ${role} on ${node} looks like the placeholder of a secret`,
    {
      subject: { node, role },
      hint: `Look at what ${node} runs: no program of ours prints such a text.`,
    },
  );
}
