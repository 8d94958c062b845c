import type { Digest } from '../errors/ids.js';
import { assembleScript, type ScriptAction, type ScriptFact, type ScriptResource } from './assemble-script.js';
import { recallRun } from './compile-memo.js';
import type { Cookbook } from './cookbook.js';
import { describeRun } from './describe-run.js';
import { digestRun } from './digest-run.js';
import { isTextSchema } from './is-text-schema.js';
import { resolveRun, type ResolvedRun } from './resolve-run.js';
import type { Limits, Notification, RunResource } from './run-resource.js';
import { findResourceKind } from './resources/resource-kinds.js';
import { secretNames } from './secret-token.js';
import { sha256 } from './sha256.js';
import type { CompiledRun, CompileInput, ResolvedResource } from './types.js';

/**
 * The run of a role on a node: its resource list, the digest of that, and the script.
 *
 * @throws BdeError `COOKBOOK_INVALID`, `RENDER_FAILED`; all findings at once
 */
export function compileRun(input: CompileInput, cookbooks: readonly Cookbook[]): CompiledRun {
  const run = resolveRun(input, cookbooks);
  const resources = describeRun(run, input);
  const index = indexRun(run);
  const assembled = assembleScript({
    resources: run.resources.map((resource) => scriptResource(resource, index)),
    delayed: actionsOf(index),
    facts: factsOf(run),
    mirror: input.mirror,
  });
  return {
    resources,
    digest: digestResources(resources),
    ...assembled,
    secrets: secretNames(assembled.script),
  };
}

/** What planning asks of a run: what it is made of, and the digest of that. */
export type RunOutline = Pick<CompiledRun, 'resources' | 'digest'>;

/**
 * That run without its script.
 *
 * @throws as `compileRun`
 */
export function outlineRun(input: CompileInput, cookbooks: readonly Cookbook[]): RunOutline {
  return recallRun(input, cookbooks, 'outline', (observed, recall) => {
    const resources = describeRun(resolveRun(observed, cookbooks, recall), observed);
    return outlineOf(resources);
  });
}

/** The digest is worked out once, where somebody asks for it: a cluster that is only planned ahead has none yet. */
function outlineOf(resources: readonly ResolvedResource[]): RunOutline {
  let digest: Digest | undefined;
  return {
    resources,
    get digest() {
      return (digest ??= digestResources(resources));
    },
  };
}

function digestResources(resources: readonly ResolvedResource[]): Digest {
  return digestRun(resources, (kind) => findResourceKind(kind)?.revision ?? 1);
}

function scriptResource(resource: RunResource, run: RunIndex): ScriptResource {
  const { id, kind, call, guards, groups } = resource;
  const notify = notificationsOf(resource);
  const notified = notify.map(({ action, target }) => actionOf(action, target, run));
  return {
    id,
    scripts: [...kind.scripts, ...(call.scripts ?? [])],
    call,
    guards,
    groups,
    limits: scriptLimits(resource),
    guardSeconds: resource.limits.timeoutSeconds,
    raises: notified.map(({ mark }) => mark),
    atOnce: notified.filter((_, index) => notify[index]?.immediately),
    settles: (call.settles ?? [])
      .map((action) => `${action} ${id}`)
      .filter((asked) => run.asked.has(asked))
      .map(markOf),
    memory: call.remembers === true ? markOf(id) : null,
  };
}

/** A kind that bounds itself has its `timeout` among its arguments. */
function scriptLimits({ call, limits }: RunResource): Limits {
  return call.bounded === true ? { ...limits, timeoutSeconds: null } : limits;
}

/** Resources by id, and the actions that some resource may ask for, as `restart service[web]`. */
interface RunIndex {
  readonly resources: ReadonlyMap<string, RunResource>;
  readonly asked: ReadonlySet<string>;
}

function indexRun({ resources }: ResolvedRun): RunIndex {
  const asked = resources.flatMap(notificationsOf).map(({ action, target }) => `${action} ${target}`);
  return { resources: new Map(resources.map((resource) => [resource.id, resource])), asked: new Set(asked) };
}

function notificationsOf({ notify, implied }: RunResource): readonly Notification[] {
  return [...notify, ...implied];
}

/** Every action that some resource may ask for, once, in the order of the resources that are asked. */
function actionsOf(index: RunIndex): readonly ScriptAction[] {
  return [...index.resources.values()].flatMap(({ id, call }) =>
    Object.keys(call.actions ?? {})
      .filter((action) => index.asked.has(`${action} ${id}`))
      .map((action) => actionOf(action, id, index)),
  );
}

function actionOf(action: string, target: string, { resources }: RunIndex): ScriptAction {
  const resource = resources.get(target);
  const call = resource?.call.actions?.[action];
  if (resource === undefined || call === undefined) throw new TypeError(`nobody hears ${action} ${target}`);
  const id = `${action} ${target}`;
  const { guards, groups, limits } = resource;
  const guardSeconds = limits.timeoutSeconds;
  return { id, mark: markOf(id), call, guards, groups, limits: scriptLimits(resource), guardSeconds };
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
