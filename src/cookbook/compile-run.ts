import { assembleScript, type ScriptAction, type ScriptFact, type ScriptResource } from './assemble-script.js';
import type { Cookbook } from './cookbook.js';
import { digestRun, maskParameters } from './digest-run.js';
import { isAttributeMap } from './merge-attributes.js';
import { formatPlace } from './render/source-place.js';
import { resolveRun, type ResolvedRun } from './resolve-run.js';
import type { RunResource } from './run-resource.js';
import { findResourceKind } from './resources/resource-kinds.js';
import { secretNames } from './secret-token.js';
import { sha256 } from './sha256.js';
import type { CompiledRun, CompileInput, Json, ResolvedResource } from './types.js';

/**
 * The run of a role on a node: its resource list, the digest of that, and the script.
 *
 * @throws BdeError `COOKBOOK_INVALID`, `RENDER_FAILED`; all findings at once
 */
export function compileRun(input: CompileInput, cookbooks: readonly Cookbook[]): CompiledRun {
  const run = resolveRun(input, cookbooks);
  const resources = [
    ...run.resources.map((resource) => describeResource(resource, input)),
    ...describeFacts(run, input),
  ];
  const assembled = assembleScript({
    resources: run.resources.map((resource) => scriptResource(resource, run)),
    delayed: actionsOf(run),
    facts: factsOf(run),
    mirror: input.mirror,
  });
  return {
    resources,
    digest: digestRun(resources, (kind) => findResourceKind(kind)?.revision ?? 1),
    ...assembled,
    secrets: secretNames(assembled.script),
  };
}

function describeResource(
  { id, kind, call, guards, notify, place }: RunResource,
  input: CompileInput,
): ResolvedResource {
  const set = Object.entries(guards).filter(([, guard]) => guard !== null);
  const parameters = maskParameters(
    {
      ...call.parameters,
      ...(set.length === 0 ? {} : { guards: Object.fromEntries(set) }),
      ...(notify.length === 0 ? {} : { notify: notify.map((each) => ({ ...each })) }),
    },
    input.secretMac,
  );
  return { id, kind: kind.kind, parameters: isAttributeMap(parameters) ? parameters : {}, source: formatPlace(place) };
}

/** Facts are exported by the run, so another command or schema is another run. */
function describeFacts({ role, facts }: ResolvedRun, input: CompileInput): readonly ResolvedResource[] {
  return Object.entries(facts).map(([name, command]) => ({
    id: `fact[${name}]`,
    kind: 'fact',
    parameters: { command: maskParameters(command, input.secretMac), schema: role.role.facts[name]?.schema ?? {} },
    source: `${role.role.cookbook}/roles/${role.role.name}.yaml`,
  }));
}

function scriptResource(resource: RunResource, run: ResolvedRun): ScriptResource {
  const { id, kind, call, guards, notify } = resource;
  const notified = notify.map(({ action, target }) => actionOf(action, target, run));
  const asked = new Set(actionsOf(run).map(({ mark }) => mark));
  return {
    id,
    scripts: kind.scripts,
    call,
    guards,
    raises: notified.map(({ mark }) => mark),
    atOnce: notified.filter((_, index) => notify[index]?.immediately),
    settles: (call.settles ?? []).map((action) => markOf(`${action} ${id}`)).filter((mark) => asked.has(mark)),
    memory: call.remembers === true ? markOf(id) : null,
  };
}

/** Every action that some resource may ask for, once, in the order of the resources that are asked. */
function actionsOf(run: ResolvedRun): readonly ScriptAction[] {
  const notified = run.resources.flatMap(({ notify }) => notify);
  return run.resources.flatMap(({ id, call }) =>
    Object.keys(call.actions ?? {})
      .filter((action) => notified.some((each) => each.target === id && each.action === action))
      .map((action) => actionOf(action, id, run)),
  );
}

function actionOf(action: string, target: string, run: ResolvedRun): ScriptAction {
  const resource = run.resources.find(({ id }) => id === target);
  const call = resource?.call.actions?.[action];
  if (resource === undefined || call === undefined) throw new TypeError(`nobody hears ${action} ${target}`);
  const id = `${action} ${target}`;
  return { id, mark: markOf(id), call, guards: resource.guards };
}

/** Name of the file that keeps a notification: readable, and never a path. */
function markOf(id: string): string {
  const safe = id.replace(/[^\w.@:[\] -]/g, '_');
  return safe === id && id.length <= 100 ? id : `${safe.slice(0, 80)}.${sha256(id).slice(0, 12)}`;
}

function factsOf({ role, facts }: ResolvedRun): readonly ScriptFact[] {
  return Object.entries(facts).map(([name, command]) => ({
    name,
    command,
    isText: isTextSchema(role.role.facts[name]?.schema ?? null),
  }));
}

function isTextSchema(schema: Json): boolean {
  return isAttributeMap(schema) && schema['type'] === 'string';
}
