import type { BdeError } from '../errors/bde-error.js';
import type { AttributeProblem } from './attribute-problem.js';
import type { Template } from './render/template.js';
import type { SourcePlace } from './render/source-place.js';
import type { Attributes, Json, Role } from './types.js';
import type { ValueSchema } from './value-schema.js';

/** A cookbook, parsed: every template is compiled, every file at hand. */
export interface Cookbook {
  readonly name: string;
  /** Three numbers with dots. */
  readonly version: string;
  readonly summary: string;
  readonly attributes: Readonly<Record<string, ValueSchema>>;
  /** `attributes.yaml:line:column` of an attribute's default. */
  readonly attributePlace: (path: readonly string[]) => string;
  readonly roles: Readonly<Record<string, RoleDefinition>>;
  readonly recipes: Readonly<Record<string, Recipe>>;
  /** Custom resources, by name without the cookbook's. */
  readonly resources: Readonly<Record<string, CustomResource>>;
  readonly requirements: Requirements;
  /** By name without `.hbs`; partials are part of those that name them. */
  readonly templates: Readonly<Record<string, Template>>;
  /** Files below `files/`, by path from there. */
  readonly files: Readonly<Record<string, Buffer>>;
}

/** The commands that a role may have, by what they are for. */
export type RoleCommand = 'ready' | 'acceptance' | 'leader' | 'join' | 'leave' | 'drain' | 'undrain';

/** A role and what its file says beyond the contract. */
export interface RoleDefinition {
  readonly role: Role;
  /** Attributes by cookbook, for nodes that have the role. */
  readonly attributes: Attributes;
  readonly attributePlace: (path: readonly string[]) => string;
  /** What is wrong with one of its attributes, at its place. */
  readonly attributeFinding: (problem: AttributeProblem) => BdeError;
  readonly commands: Readonly<Record<RoleCommand, Template | null>>;
  /** The numbers of the role's ports, in the same order. */
  readonly portNumbers: readonly Template[];
  /** Commands of facts, by fact; of those that have one here. */
  readonly facts: Readonly<Record<string, Template>>;
}

/** What a cookbook asks of its surroundings. */
export interface Requirements {
  /** Range of bde's versions; null: any. */
  readonly bde: string | null;
  /** Ranges of versions, by cookbook. */
  readonly depends: Readonly<Record<string, string>>;
  /** Where a part of `metadata.yaml` stands. */
  readonly placeOf: (path: readonly string[]) => SourcePlace;
}

/** A parameter; it has to be given unless it has a default or is optional. */
export interface Parameter extends ValueSchema {
  readonly optional?: boolean;
}

/** Items in the order in which they are looked at, and what they are told from outside. */
export interface Recipe {
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly resources: readonly RecipeItem[];
}

/** A resource that is made of others. */
export interface CustomResource extends Recipe {
  readonly summary: string;
  /** What each of its actions asks of its own resources. */
  readonly actions: Readonly<Record<string, readonly Template[]>>;
}

/** A parameter, with its strings rendered in this context. */
export type Rendering = (context: object) => Json;

/** One item of a recipe as it is written, its strings as templates. */
export type RecipeItem = RecipeResource | RecipeInclude | CustomUse;

/** What every item may have. */
export interface CommonKeys {
  readonly when: Template | null;
  readonly onlyIf: Template | null;
  readonly notIf: Template | null;
  readonly creates: Template | null;
  readonly notify: readonly Template[];
  readonly retry: Retry | null;
  readonly timeout: Rendering | null;
  /** On the first node of the role alone. */
  readonly once: boolean;
  /** What it is repeated for: a list or a map. */
  readonly forEach: Rendering | null;
  /** Where the item begins. */
  readonly place: SourcePlace;
  /** Where one of its keys stands. */
  readonly placeOf: (key: string) => SourcePlace;
}

/** How often, and how soon, something is tried again. */
export interface Retry {
  /** Tries after the first. */
  readonly times: number;
  readonly delaySeconds: number;
}

/** A resource of a kind that bde has. */
export interface RecipeResource extends CommonKeys {
  readonly type: 'resource';
  readonly kind: string;
  readonly name: Template;
  readonly parameters: Readonly<Record<string, Rendering>>;
}

/** A recipe whose resources stand here. */
export interface RecipeInclude extends CommonKeys {
  readonly type: 'include';
  /** `cookbook::recipe` */
  readonly recipe: string;
  readonly arguments: WrittenArguments;
}

/** A custom resource. */
export interface CustomUse extends CommonKeys {
  readonly type: 'custom';
  /** `cookbook::name` */
  readonly resource: string;
  readonly name: Template;
  readonly arguments: WrittenArguments;
}

/** Arguments by parameter. */
export type WrittenArguments = Readonly<Record<string, WrittenArgument>>;

/** An argument: a text that is one expression gives the value itself, of whatever type it is. */
export interface WrittenArgument {
  readonly render: Rendering;
  readonly keyPlace: SourcePlace;
  readonly place: SourcePlace;
  /** A scalar as it is written, for messages. */
  readonly source: string | undefined;
}
