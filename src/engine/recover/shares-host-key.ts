/**
 * Whether two texts of OpenSSH public key lines have a key in common. Comments do not count; a machine that was there
 * before may be known by several keys.
 */
export function sharesHostKey(one: string, other: string): boolean {
  const keys = new Set(keysOf(one));
  return keysOf(other).some((key) => keys.has(key));
}

function keysOf(lines: string): readonly string[] {
  return lines
    .split('\n')
    .map((line) => line.trim().split(/\s+/).slice(0, 2).join(' '))
    .filter((key) => key.includes(' '));
}
