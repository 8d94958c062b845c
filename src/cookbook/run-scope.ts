import type { BdeError } from '../errors/bde-error.js';
import type { Recall } from './compile-memo.js';
import type { Cookbook } from './cookbook.js';
import type { AskedNotification, GuardGroup, Limits } from './run-resource.js';
import type { CompileInput, Role } from './types.js';

/** What all resources of one run see while it is resolved. */
export interface RunScope {
  readonly input: CompileInput;
  readonly role: Role;
  /** Every role of the cookbooks, by name. */
  readonly roles: ReadonlyMap<string, Role>;
  readonly cookbooks: readonly Cookbook[];
  /** Gets what is wrong. */
  readonly errors: BdeError[];
  /** Kinds that are asked for; null: all. Of the others nothing is rendered. */
  readonly kinds: ReadonlySet<string> | null;
  /** What the templates of a cookbook see, without what a recipe is told. */
  readonly contextOf: (cookbook: string) => object;
  readonly registry: RunRegistry;
  /** Gives what an item of the run list came to on a like node. */
  readonly recall: Recall;
}

/** What is met while a run is resolved. Filled in the order of the run list, which decides all of it. */
export interface RunRegistry {
  /** Includes that are part of the run, under their keys. */
  readonly included: Set<string>;
  /** How often a group was met, by its id without a number. */
  readonly groupCounts: Map<string, number>;
  /** Custom resources by id: what each of their actions asks for. */
  readonly customs: Map<string, Readonly<Record<string, readonly AskedNotification[]>>>;
  /** Ids that another node of the role has, by `once`: what is asked of them is not asked here. */
  readonly elsewhere: Set<string>;
}

/** What the items of one recipe, or of one custom resource, see. */
export interface ItemScope {
  readonly run: RunScope;
  readonly cookbook: Cookbook;
  readonly context: object;
  /** Recipes and custom resources on the way here, the outermost first. */
  readonly trail: readonly string[];
  /** Beginnings of ids, the innermost first; the last is empty. */
  readonly prefixes: readonly string[];
  readonly groups: readonly GuardGroup[];
  /** Asked by what it is part of. */
  readonly asked: readonly AskedNotification[];
  readonly limits: Limits;
}

/** How deep recipes and custom resources may stand in one another. */
export const MAX_DEPTH = 16;
