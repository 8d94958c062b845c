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
  readonly commands: Readonly<Record<RoleCommand, Template | null>>;
  /** Commands of facts, by fact. */
  readonly facts: Readonly<Record<string, Template>>;
}

/** Resources in the order in which they are looked at. */
export interface Recipe {
  readonly resources: readonly RecipeResource[];
}

/** A parameter, with its strings rendered in this context. */
export type Rendering = (context: object) => Json;

/** One resource as it is written, its strings as templates. */
export interface RecipeResource {
  readonly kind: string;
  readonly name: Template;
  readonly parameters: Readonly<Record<string, Rendering>>;
  readonly when: Template | null;
  readonly onlyIf: Template | null;
  readonly notIf: Template | null;
  readonly creates: Template | null;
  readonly notify: readonly Template[];
  /** Where the resource begins. */
  readonly place: SourcePlace;
  /** Where one of its keys stands. */
  readonly placeOf: (key: string) => SourcePlace;
}
