import files from '../shell/files.sh';
import script from './sysctl.sh';
import { fileCall } from './file-call.js';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

/** A parameter of the kernel: now, and after each boot. */
export const sysctl: ResourceKind = {
  kind: 'sysctl',
  revision: 1,
  scripts: [files, script],
  resolve(resource, { input, problem }) {
    const reader = readParameters(resource, problem);
    const key = reader.word(null);
    if (key.includes('..')) throw problem(null, `is ${JSON.stringify(key)}; allowed is a name such as vm.swappiness`);
    const value = reader.text('value').trim().split(/\s+/).join(' ');
    const lenient = reader.flag('where_possible', false);
    const path = `/etc/sysctl.d/60-bde-${key}.conf`;
    const content = `${key} = ${value}\n`;
    const call = fileCall({ path, mode: '644', owner: 'root', group: 'root', content, seed: false }, input);
    return {
      ...call,
      parameters: { key, value, wherePossible: lenient },
      function: 'sysctl',
      arguments: [`/proc/sys/${key.replaceAll('.', '/')}`, value, lenient ? 'lenient' : '', ...call.arguments],
    };
  },
};
