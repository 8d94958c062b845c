import type { DocumentPath } from './source-tree.js';

/** A path as people write it: `nodeGroups[1].configuration["core-site.xml"]`; the empty path is `the file`. */
export function formatPath(path: DocumentPath): string {
  if (path.length === 0) return 'the file';
  return path.map(formatSegment).join('').replace(/^\./, '');
}

function formatSegment(segment: string | number): string {
  if (typeof segment === 'number') return `[${segment}]`;
  return /^[\w-]+$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
}
