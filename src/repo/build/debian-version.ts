/** A version as RPM has it; the parts hold no hyphen. */
export interface RpmVersion {
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
}

/**
 * A Debian version in RPM's parts: `1:4.1.48-7+deb12u2` is epoch 1, version 4.1.48, release 7+deb12u2. A hyphen inside the
 * upstream part becomes `_`; a version without revision has release 0. Both families read `~` the same way.
 *
 * Source: https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
 */
export function parseDebianVersion(text: string): RpmVersion {
  const colon = text.indexOf(':');
  const rest = text.slice(colon + 1);
  const hyphen = rest.lastIndexOf('-');
  const upstream = hyphen === -1 ? rest : rest.slice(0, hyphen);
  return {
    epoch: colon === -1 ? 0 : Number(text.slice(0, colon)),
    version: upstream.replaceAll('-', '_'),
    release: hyphen === -1 ? '0' : rest.slice(hyphen + 1),
  };
}
