import { maskParameters } from './digest-run.js';
import { isAttributeMap } from './merge-attributes.js';
import { memoByIdentity } from './memo-by-identity.js';
import { formatPlace } from './render/source-place.js';
import type { ResolvedRun } from './resolve-run.js';
import type { Guards, Notification, RunResource } from './run-resource.js';
import type { CompileInput, Json, ResolvedResource } from './types.js';

/** The resources of a run, and its facts, as they enter its digest and as reports name them. */
export function describeRun(
  run: ResolvedRun,
  { secretMac }: Pick<CompileInput, 'secretMac'>,
): readonly ResolvedResource[] {
  const resources = run.resources.map((resource) => describedBefore(resource, secretMac));
  return [...resources, ...describeFacts(run, secretMac)];
}

type SecretMac = CompileInput['secretMac'];

/** A call is made for one resource, which many runs may have: they differ in whom it notifies, if in anything. */
const descriptions = memoByIdentity((_: RunResource['call']): { latest: Description | null } => ({ latest: null }));

interface Description {
  readonly secretMac: SecretMac;
  readonly notify: readonly Notification[];
  readonly described: ResolvedResource;
}

function describedBefore(resource: RunResource, secretMac: SecretMac): ResolvedResource {
  const { notify } = resource;
  const known = descriptions(resource.call);
  if (known.latest?.secretMac === secretMac && areAlike(known.latest.notify, notify)) return known.latest.described;
  const described = describeResource(resource, secretMac);
  known.latest = { secretMac, notify, described };
  return described;
}

function areAlike(some: readonly Notification[], others: readonly Notification[]): boolean {
  const isAlike = (one: Notification, other: Notification | undefined): boolean =>
    one.action === other?.action && one.target === other.target && one.immediately === other.immediately;
  return some.length === others.length && some.every((one, index) => isAlike(one, others[index]));
}

function describeResource(
  { id, kind, call, guards, groups, notify, place }: RunResource,
  secretMac: SecretMac,
): ResolvedResource {
  const own = setGuards(guards);
  const parameters = maskParameters(
    {
      ...call.parameters,
      ...(Object.keys(own).length === 0 ? {} : { guards: own }),
      ...(groups.length === 0 ? {} : { within: groups.map((group) => setGuards(group.guards)) }),
      ...(notify.length === 0 ? {} : { notify: notify.map((each) => ({ ...each })) }),
    },
    secretMac,
  );
  return { id, kind: kind.kind, parameters: isAttributeMap(parameters) ? parameters : {}, source: formatPlace(place) };
}

function setGuards(guards: Guards): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(guards).filter(([, guard]) => guard !== null));
}

/** Facts are exported by the run, so another command or schema is another run. */
function describeFacts({ role, facts }: ResolvedRun, secretMac: SecretMac): readonly ResolvedResource[] {
  return Object.entries(facts).map(([name, command]) => ({
    id: `fact[${name}]`,
    kind: 'fact',
    parameters: { command: maskParameters(command, secretMac), schema: role.role.facts[name]?.schema ?? {} },
    source: `${role.role.cookbook}/roles/${role.role.name}.yaml`,
  }));
}
