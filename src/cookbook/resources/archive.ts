import fetch from '../shell/fetch.sh';
import files from '../shell/files.sh';
import script from './archive.sh';
import { mirrorFile, type MirrorFile } from './mirror-file.js';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

/** An archive of the mirror, or one that lies on the node, unpacked into a folder. */
export const archive: ResourceKind = {
  kind: 'archive',
  revision: 1,
  scripts: [files, fetch, script],
  resolve(resource, { input, problem }) {
    const reader = readParameters(resource, problem);
    const path = reader.path(null);
    const format = formatOf(reader.text('source'));
    if (format === undefined) throw problem('source', `is no archive; allowed are names that end with ${ENDINGS}`);
    const sum = reader.sum('sha256');
    const strip = String(reader.number('strip_components', 0));
    const owner = `${reader.word('owner', 'root')}:${reader.word('group', 'root')}`;
    const remote: MirrorFile | null = reader.has('repo') ? mirrorFile(reader, input, problem) : null;
    const local = remote === null ? reader.path('source') : '';
    return {
      parameters: { path, sha256: sum, strip, owner },
      function: 'archive',
      arguments: [path, sum, format, strip, owner, local, remote?.url ?? '', remote?.caPath ?? ''],
      probes: { paths: [path] },
      usesMirror: remote !== null,
    };
  },
};

const ENDINGS = '.tar, .tar.gz, .tgz, .tar.xz, .txz, .zip';

function formatOf(source: string): 'tar' | 'zip' | undefined {
  if (/\.zip$/.test(source)) return 'zip';
  return /\.(?:tar|tar\.gz|tgz|tar\.xz|txz)$/.test(source) ? 'tar' : undefined;
}
