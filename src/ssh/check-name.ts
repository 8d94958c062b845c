const NAME = /^[A-Za-z0-9][A-Za-z0-9_.:-]*$/;

/** The name as it is: it becomes part of a path on the node. */
export function checkName(name: string): string {
  if (!NAME.test(name)) throw new TypeError(`"${name}" cannot be part of a path on a node`);
  return name;
}
