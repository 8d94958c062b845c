/**
 * Epoch, version, release and architecture of a locked package, as `rpm -q --qf '%{epochnum}:…'` prints them: the epoch is
 * always there. `web-3.8.0-1.noarch` gives `0:3.8.0-1.noarch`.
 */
export function evraOf(name: string, nevra: string): string {
  if (!nevra.startsWith(`${name}-`)) throw new TypeError(`${nevra} is no version of ${name}`);
  const rest = nevra.slice(name.length + 1);
  return /^\d+:/.test(rest) ? rest : `0:${rest}`;
}
