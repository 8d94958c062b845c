import type { BdeError } from '../../errors/bde-error.js';
import type { Cookbook } from '../cookbook.js';
import type { Port } from '../render-ports.js';
import type { CompileInput, Json, Role } from '../types.js';
import type { WantedPackage } from './wanted-package.js';

/** What a list of resources looks up in one go on the node, instead of once for each resource. */
export type ProbeTopic = 'paths' | 'sums' | 'units' | 'users' | 'groups' | 'packages';

/** Bytes that a script carries; they may hold placeholders of secrets where they are text. */
export interface Content {
  readonly content: string | Buffer;
  /** The file on the node that has exactly this content where all is as wanted: then it need not travel. */
  readonly file?: { readonly path: string; readonly seed: boolean };
}

/** Shell text whose output is only known on the node. */
export interface NodeContent {
  readonly command: string;
}

/** An argument of a shell function: a literal, or a function that prints a content. */
export type ShellArgument = string | Content | NodeContent;

/** A shell function that a notification calls. */
export interface ActionCall {
  readonly function: string;
  readonly arguments: readonly ShellArgument[];
}

/** A resource with everything decided: what enters the digest, and how the node is asked to have it so. */
export interface ResourceCall {
  /** What decides whether the node differs; placeholders stand for secrets. */
  readonly parameters: Readonly<Record<string, Json>>;
  /** Name of `…_probe` and `…_act`. */
  readonly function: string;
  readonly arguments: readonly ShellArgument[];
  /** Its name in reports and notifications, where it is another than the recipe's: `/etc/hosts: block`. */
  readonly name?: string;
  readonly probes?: Readonly<Partial<Record<ProbeTopic, readonly string[]>>>;
  /** Path that no other resource of the list may have as well. */
  readonly path?: string;
  /** Path of a file of which it wants a part only: no other resource of the list may lay it whole. */
  readonly edits?: string;
  /** Shell functions that it needs beside those of its kind, shared ones first. */
  readonly scripts?: readonly string[];
  /** What a notification may ask of it, by action. */
  readonly actions?: Readonly<Record<string, ActionCall>>;
  /** Actions of its own that come true when it is brought to its state; their marks are its last arguments. */
  readonly settles?: readonly string[];
  /** True where its functions keep to `timeout` by themselves. */
  readonly bounded?: boolean;
  /** What it asks the node's one package step for. */
  readonly package?: WantedPackage;
  /** True asks for the name of a file, as its last argument, in which it notes what it has seen. */
  readonly remembers?: boolean;
  /** True where its act pulls something from the mirror. */
  readonly usesMirror?: boolean;
}

/** What resolving one resource may look at. */
export interface ResolveContext {
  readonly input: CompileInput;
  /** Every role of the cookbooks, by name. */
  readonly roles: ReadonlyMap<string, Role>;
  /** The ports of a role, as this node's attributes have them. */
  readonly portsOf: (role: Role) => readonly Port[];
  /** The recipe's cookbook. */
  readonly cookbook: Cookbook;
  /** Renders a file of `templates/`, with the recipe's context. */
  readonly renderTemplate: (name: string) => string;
  /** Its `creates` guard. */
  readonly creates: string | null;
  /** Its `timeout`. A kind that bounds itself, as `bounded` of its call says, takes it for that. */
  readonly timeoutSeconds: number | null;
  /** True where the resource notifies others. */
  readonly notifies: boolean;
  /** An error at this parameter, or at the resource's name. */
  readonly problem: (parameter: string | null, message: string, hint?: string) => BdeError;
}

/** A resource as a recipe has it, all strings rendered. */
export interface RenderedResource {
  readonly name: string;
  readonly parameters: Readonly<Record<string, Json>>;
}

/**
 * One kind of resource: a file pair `<kind>.ts` and `<kind>.sh`, its parameters in `schemas/resource-parameters.ts`, and a
 * line in `resource-kinds.ts`.
 */
export interface ResourceKind {
  readonly kind: string;
  /** Raised only when what older revisions left on nodes is wrong: it makes every such resource converge again. */
  readonly revision: number;
  /** Shell functions that it needs, shared ones first. */
  readonly scripts: readonly string[];
  /** @throws BdeError `COOKBOOK_INVALID` where a value does not fit; null where there is nothing to do on this node. */
  resolve(resource: RenderedResource, context: ResolveContext): ResourceCall | null;
}
