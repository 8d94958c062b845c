/** A unit's full name: `web` is `web.service`. */
export function unitName(name: string): string {
  return /\.(?:service|socket|timer|path|mount|target|slice)$/.test(name) ? name : `${name}.service`;
}
