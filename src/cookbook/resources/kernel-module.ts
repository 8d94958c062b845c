import files from '../shell/files.sh';
import script from './kernel_module.sh';
import { sha256 } from '../sha256.js';
import { lineOf } from './edit-call.js';
import { readParameters } from './read-parameter.js';
import type { ResourceKind, ShellArgument } from './resource-kind.js';

/** A module of the kernel: loaded now and at each boot, or kept out. */
export const kernelModule: ResourceKind = {
  kind: 'kernel_module',
  revision: 1,
  scripts: [files, script],
  resolve(resource, { problem }) {
    const reader = readParameters(resource, problem);
    const name = reader.word(null);
    const state = reader.choice('state', ['loaded', 'blacklisted']);
    const options = reader.has('options')
      ? lineOf(reader.text('options'), () => problem('options', 'is no line: it is empty or has a line end'))
      : '';
    if (options !== '' && state === 'blacklisted') throw problem('options', 'is there beside "state: blacklisted"');
    const lenient = reader.flag('where_possible', false);
    const load = { path: `/etc/modules-load.d/60-bde-${name}.conf`, content: state === 'loaded' ? `${name}\n` : null };
    const settings = { path: `/etc/modprobe.d/60-bde-${name}.conf`, content: settingsOf(name, state, options) };
    const paths = [load.path, settings.path];
    return {
      parameters: { name, state, options, wherePossible: lenient },
      function: 'kernel_module',
      arguments: [
        name.replaceAll('-', '_'),
        state,
        lenient ? 'lenient' : '',
        ...fileArguments(load),
        ...fileArguments(settings),
      ],
      probes: { paths, sums: paths },
    };
  },
};

/** Lines of modprobe.d; null where there is nothing to say. `install` holds where another module asks for it, too. */
function settingsOf(name: string, state: string, options: string): string | null {
  if (state === 'blacklisted') return `blacklist ${name}\ninstall ${name} /bin/false\n`;
  return options === '' ? null : `options ${name} ${options}\n`;
}

interface ModuleFile {
  readonly path: string;
  /** Null where the file is to be absent. */
  readonly content: string | null;
}

function fileArguments({ path, content }: ModuleFile): readonly ShellArgument[] {
  return content === null ? [path, '', ''] : [path, sha256(content), { content }];
}
