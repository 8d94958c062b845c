import { secretToken } from '../secret-token.js';
import files from '../shell/files.sh';
import { sha256 } from '../sha256.js';
import type { ResolvedResource } from '../types.js';
import { layFile } from './file-call.js';
import script from './node_certificate.sh';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

const KIND = 'node_certificate';
/** The group that the base role makes: services that read the key are in it. */
const GROUP = 'bde-tls';
const NONE = { authorities: '', certificate: '', key: '' };

/**
 * The node's certificate, its key and the authorities that it trusts, in a folder. Where it notifies, another certificate
 * than the one that the role saw last is a change, whoever laid it.
 */
export const nodeCertificate: ResourceKind = {
  kind: KIND,
  revision: 1,
  scripts: [files, script],
  resolve(resource, { input, problem, notifies }) {
    const reader = readParameters(resource, problem);
    const folder = reader.path(null);
    const [owner, group] = [reader.word('owner', 'root'), reader.word('group', GROUP)];
    const { authorities, certificate, key } = contentsOf(input.certificate);
    const lay = (name: string, mode: string, content: string): ReturnType<typeof layFile> =>
      layFile({ path: `${folder}/${name}`, mode, owner, group, content, seed: false });
    // The key first: whoever reads a pair that does not fit reads it again a moment later.
    const laid = [lay('ca.crt', '644', authorities), lay('node.key', '640', key), lay('node.crt', '644', certificate)];
    const sums = { authorities: sha256(authorities), certificate: sha256(certificate) };
    return {
      parameters: { folder, owner, group, ...sums },
      function: KIND,
      arguments: [
        folder,
        certificate === '' ? '' : `${sums.authorities}.${sums.certificate}`,
        ...laid.flatMap((file) => file.arguments),
      ],
      probes: {
        paths: laid.map(({ path }) => path),
        sums: laid.map(({ path }) => path),
      },
      path: folder,
      remembers: notifies,
    };
  },
};

/** The certificate says which key belongs to it: that of the key need not enter the digest. */
function contentsOf(given: Parameters<ResourceKind['resolve']>[1]['input']['certificate']): typeof NONE {
  if (given === undefined) return NONE;
  const { authorities, certificate, keySecret } = given;
  return { authorities, certificate, key: secretToken(keySecret) };
}

/** True where a run with this resource lays the node's certificate. */
export function isNodeCertificate({ kind }: Pick<ResolvedResource, 'kind'>): boolean {
  return kind === KIND;
}
