/** What a resource asks the node's one package step for. */
export interface WantedPackage {
  readonly name: string;
  /** `locked`: of the mirror, in its locked version. `node`: of the node's own sources. `absent`: it is to be gone. */
  readonly how: 'locked' | 'node' | 'absent';
  /** Of a package of the node's own sources; null is any. */
  readonly version: string | null;
  /** Nobody but bde brings it to another version. */
  readonly hold: boolean;
}

/** True where a version, which may come without epoch, release and architecture, is that of `[epoch:]version-release.arch`. */
export function isVersionOf(version: string, evra: string): boolean {
  const withoutEpoch = (text: string): string => text.replace(/^\d+:/, '');
  const whole = version.includes(':') ? evra : withoutEpoch(evra);
  const withoutArch = whole.replace(/\.[^.]*$/, '');
  return version === whole || version === withoutArch || withoutArch.startsWith(`${version}-`);
}
