import type { ParameterReader } from './read-parameter.js';
import type { ResolveContext } from './resource-kind.js';
import type { CompileInput } from '../types.js';

/** A file of a repo's `files/` as a node pulls it. */
export interface MirrorFile {
  readonly url: string;
  /** On the node. */
  readonly caPath: string;
}

/**
 * The file that `repo` and `source` name; its name is not checked here, for what a repo has is known to its mirror alone.
 *
 * @throws BdeError `COOKBOOK_INVALID` where the node sees no such repo
 */
export function mirrorFile(
  reader: ParameterReader,
  { mirror }: CompileInput,
  problem: ResolveContext['problem'],
): MirrorFile {
  const repo = reader.word('repo');
  const source = reader.fileName('source');
  if (mirror === null) throw problem('repo', `is ${repo}, and the cluster has no package repos`, REPOS_HINT);
  const known = mirror.repos.map(({ name }) => name);
  // Before the home is prepared none is known yet.
  if (known.length > 0 && !known.includes(repo)) {
    throw problem('repo', `is ${repo}; the cluster's repos are ${known.join(', ')}`, REPOS_HINT);
  }
  return { url: `${mirror.url}/${repo}/files/${source}`, caPath: mirror.caPath };
}

const REPOS_HINT = 'Name the repo in the distro of the manifest.';
