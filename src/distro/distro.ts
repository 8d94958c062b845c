import type { JsonObject } from '../spec/json.js';

/** A distro of the manifest: a product in a version, with the packages of its roles. */
export interface Distro {
  readonly name: string;
  /** As written; compare with `sameVendor`. */
  readonly vendor: string;
  /** Empty where the manifest gives none. */
  readonly version: string;
  readonly hveSupported: boolean;
  readonly packages: readonly DistroPackages[];
  /** Roles of all packages, each once, in the order of the manifest. */
  readonly roles: readonly string[];
  /** Null: all that are there. */
  readonly cookbooks: readonly string[] | null;
  /** Names of folders of `repos/`; where the manifest gives none, those that BDE's `.repo` addresses are named after. */
  readonly repos: readonly string[];
  readonly attributes: JsonObject;
  /** Roles whose acceptance probe decides; null: all that have one. */
  readonly acceptance: readonly string[] | null;
  /** The manifest that has it. */
  readonly file: string;
}

/** Where the packages of some roles come from, as BDE says it. */
export interface DistroPackages {
  readonly roles: readonly string[];
  readonly tarball: string | null;
  /** Addresses of `.repo` files. */
  readonly packageRepos: readonly string[];
}

/** True for names that differ in upper and lower case only: BDE's map and manifest disagree. */
export function sameVendor(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** `name@version`, or the name alone where there is no version. */
export function distroLabel({ name, version }: Pick<Distro, 'name' | 'version'>): string {
  return version === '' ? name : `${name}@${version}`;
}
