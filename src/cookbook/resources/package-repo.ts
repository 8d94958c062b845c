import files from '../shell/files.sh';
import script from './package_repo.sh';
import type { CompileInput, ResolvedResource } from '../types.js';
import { fileCall } from './file-call.js';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

const KIND = 'package_repo';

/** Repos of packages: bde's mirror, or one that `url` names. Signatures of packages and metadata are always checked. */
export const packageRepo: ResourceKind = {
  kind: KIND,
  revision: 1,
  scripts: [files, script],
  resolve(resource, { input, problem }) {
    const reader = readParameters(resource, problem);
    const name = reader.word(null);
    const repos = reader.has('url') ? [namedRepo(name, reader)] : mirrorRepos(input);
    if (repos.length === 0) return null;
    const content = repos.map(sectionOf).join('\n');
    const path = `/etc/yum.repos.d/${name}.repo`;
    const call = fileCall({ path, mode: '644', owner: 'root', group: 'root', content, seed: false }, input);
    return { ...call, function: 'package_repo' };
  },
};

/** Whether a resource lays a file that may name repos of the mirror. */
export function isMirrorRepo({ kind }: ResolvedResource): boolean {
  return kind === KIND;
}

/** The id of a mirror's repo in the node's package manager. */
export function mirrorRepoId(name: string): string {
  return `bde-${name}`;
}

interface Repo {
  readonly id: string;
  readonly url: string;
  /** Paths on the node. */
  readonly gpgKeyPath: string;
  readonly caPath: string | null;
}

function namedRepo(name: string, reader: ParameterReader): Repo {
  const caPath = reader.has('ca_certificate') ? reader.path('ca_certificate') : null;
  return { id: name, url: reader.text('url').replaceAll('\n', ''), gpgKeyPath: reader.path('gpg_key'), caPath };
}

function mirrorRepos({ mirror }: CompileInput): readonly Repo[] {
  if (mirror === null) return [];
  return mirror.repos.map(({ name, gpgKeyPath }) => ({
    id: mirrorRepoId(name),
    url: `${mirror.url}/${name}/`,
    gpgKeyPath,
    caPath: mirror.caPath,
  }));
}

function sectionOf({ id, url, gpgKeyPath, caPath }: Repo): string {
  const lines = [
    `[${id}]`,
    `name=${id}`,
    `baseurl=${url}`,
    'enabled=1',
    'gpgcheck=1',
    'repo_gpgcheck=1',
    `gpgkey=file://${gpgKeyPath}`,
    ...(caPath === null ? [] : ['sslverify=1', `sslcacert=${caPath}`]),
    // The network of the nodes has no way out: a proxy of the host's would only be in the way.
    'proxy=_none_',
  ];
  return `${lines.join('\n')}\n`;
}
