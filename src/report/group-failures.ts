import type { BdeError } from '../errors/bde-error.js';

/** Failures with one cause, and the places that it hit. */
export interface FailureGroup {
  /** The first failure of the group; its message speaks for all. */
  readonly example: BdeError;
  /** Node names (or groups, roles, files where no node is known) in the order of the failures, each once; may be empty. */
  readonly places: readonly string[];
  readonly count: number;
}

/**
 * Groups failures whose code and message are the same once the node's own name is taken out, largest group first.
 * Failures that carry failures themselves are taken apart.
 */
export function groupFailures(failures: readonly BdeError[]): readonly FailureGroup[] {
  const groups = new Map<string, BdeError[]>();
  for (const failure of flattenFailures(failures)) {
    const key = causeKey(failure);
    groups.set(key, [...(groups.get(key) ?? []), failure]);
  }
  return [...groups.values()].flatMap((members) => toGroup(members)).toSorted((a, b) => b.count - a.count);
}

function flattenFailures(failures: readonly BdeError[]): readonly BdeError[] {
  return failures.flatMap((failure) => (failure.failures.length > 0 ? flattenFailures(failure.failures) : [failure]));
}

function causeKey({ code, message, subject }: BdeError): string {
  const own = [subject.node, subject.resource, subject.file].filter((name) => name !== undefined && name !== '');
  return own.reduce<string>((text, name) => text.replaceAll(String(name), '\u0000'), `${code} ${message}`);
}

function toGroup(members: readonly BdeError[]): readonly FailureGroup[] {
  const [example] = members;
  if (example === undefined) return [];
  const places = members.map(({ subject }) => subject.node ?? subject.group ?? subject.role).filter(isKnown);
  return [{ example, places: [...new Set(places)], count: members.length }];
}

function isKnown(place: string | undefined): place is string {
  return place !== undefined;
}
