/**
 * Those paths that a pick takes: the path itself, all below it, or what its pattern (`*` stands for any characters but `/`)
 * names and all below that. Paths are relative, without leading slash.
 */
export function pickPaths(paths: readonly string[], pick: string): readonly string[] {
  const pattern = new RegExp(`^${pick.split('*').map(escape).join('[^/]*')}(/|$)`);
  return paths.filter((path) => pattern.test(path));
}

function escape(text: string): string {
  return text.replace(/[.+^${}()|[\]\\?]/g, '\\$&');
}

/** A path of a Debian package on a system where `/bin`, `/sbin` and `/lib…` are links into `/usr`. */
export function mergeUsr(path: string): string {
  return /^(bin|sbin|lib|lib32|lib64|libx32)\//.test(path) ? `usr/${path}` : path;
}
