import files from '../shell/files.sh';
import script from './hostname.sh';
import { fileCall } from './file-call.js';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

/** The kernel takes 64 characters; https://man7.org/linux/man-pages/man5/hostname.5.html says of which kinds. */
const HOSTNAME =
  /^(?=.{1,64}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

/** The node's own name: now, and after each boot. */
export const hostname: ResourceKind = {
  kind: 'hostname',
  revision: 1,
  scripts: [files, script],
  resolve(resource, { input, problem }) {
    const { name } = readParameters(resource, problem);
    if (!HOSTNAME.test(name)) {
      const allowed = 'letters, digits and -, with dots between, at most 64';
      throw problem(null, `is ${JSON.stringify(name)}; allowed is a name of ${allowed}`);
    }
    const content = `${name}\n`;
    const file = { path: '/etc/hostname', mode: '644', owner: 'root', group: 'root', content, seed: false };
    const call = fileCall(file, input);
    return { ...call, parameters: { name }, function: 'hostname', arguments: [name, ...call.arguments] };
  },
};
