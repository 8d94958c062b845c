import { quoteShell } from '../quote-shell.js';
import files from '../shell/files.sh';
import { sha256 } from '../sha256.js';
import script from './ca_certificate.sh';
import { contentOf } from './content-of.js';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

/** A certificate authority that the node's own programs trust. */
export const caCertificate: ResourceKind = {
  kind: 'ca_certificate',
  revision: 1,
  scripts: [files, script],
  resolve(resource, { cookbook, problem }) {
    const reader = readParameters(resource, problem);
    const name = reader.word(null);
    const paths = [`/usr/local/share/ca-certificates/${name}.crt`, `/etc/pki/ca-trust/source/anchors/${name}.pem`];
    const probes = { paths, sums: paths };
    if (reader.has('path')) {
      const path = reader.path('path');
      const args = [name, 'computed', { command: `cat -- ${quoteShell(path)}` }];
      return { parameters: { name, path }, function: 'ca_certificate', arguments: args, probes };
    }
    const content = contentOf(reader, cookbook, problem);
    const sum = sha256(content);
    const args = [name, sum, { content }];
    return { parameters: { name, sha256: sum }, function: 'ca_certificate', arguments: args, probes };
  },
};
