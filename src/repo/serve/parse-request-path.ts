/** A content of a cluster's cookbooks, by its sha256. */
export interface RequestedContent {
  readonly clusterId: string;
  readonly sum: string;
}

/** The content that `/c/<cluster id>/_content/<sha256>` asks for; undefined for every other path. */
export function parseContentPath(url: string): RequestedContent | undefined {
  const [, clusterId, sum] = /^\/c\/([0-9A-HJKMNP-TV-Z]{26})\/_content\/([0-9a-f]{64})$/.exec(url) ?? [];
  return clusterId === undefined || sum === undefined ? undefined : { clusterId, sum };
}

/** What a request of a node asks for. */
export interface RequestedFile {
  readonly clusterId: string;
  readonly repo: string;
  /** Within the repo, `/` between segments, none of them `.` or `..` or hidden. */
  readonly path: string;
}

/** The file that `/c/<cluster id>/<repo>/<path>` asks for; undefined for every other path, and for one that could lead elsewhere. */
export function parseRequestPath(url: string): RequestedFile | undefined {
  const [pathname = ''] = url.split('?');
  const match = /^\/c\/([0-9A-HJKMNP-TV-Z]{26})\/([a-z0-9-]{1,60})\/(.+)$/.exec(pathname);
  const [, clusterId, repo, encoded] = match ?? [];
  const path = decode(encoded);
  if (clusterId === undefined || repo === undefined || path === undefined) return undefined;
  const segments = path.split('/');
  const isPlain = segments.every(
    (segment) => segment !== '' && !segment.startsWith('.') && !/[\p{Cc}\\]/u.test(segment),
  );
  return isPlain ? { clusterId, repo, path } : undefined;
}

function decode(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
