import edits from '../shell/edits.sh';
import files from '../shell/files.sh';
import lack from '../shell/lack.sh';
import mounts from '../shell/mounts.sh';
import units from '../shell/units.sh';
import script from './mount.sh';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { ResolveContext, ResourceKind } from './resource-kind.js';

type Problem = ResolveContext['problem'];

const TABLE = '/etc/fstab';
const STATES = ['mounted', 'present', 'unmounted', 'absent'] as const;

/** A filesystem at its place: mounted now, and in /etc/fstab for each boot. */
export const mount: ResourceKind = {
  kind: 'mount',
  revision: 1,
  scripts: [files, lack, edits, mounts, units, script],
  resolve(resource, { problem }) {
    const reader = readParameters(resource, problem);
    const path = reader.path(null);
    const state = reader.choice('state', STATES);
    const isWanted = state === 'mounted' || state === 'present';
    const entry = isWanted
      ? entryOf(reader, problem)
      : { device: '', fstype: '', options: '', bind: false, dump: 0, pass: 0 };
    const { device, fstype, options, bind, dump, pass } = entry;
    const line = [...[device, path, fstype, options].map(tableField), dump, pass].join(' ');
    return {
      parameters: isWanted ? { path, state, device, fstype, options, dump, pass } : { path, state },
      function: 'mount',
      arguments: [path, state, device, fstype, options, bind ? 'bind' : '', line],
      probes: { paths: [TABLE] },
      edits: TABLE,
    };
  },
};

interface TableEntry {
  readonly device: string;
  readonly fstype: string;
  readonly options: string;
  readonly bind: boolean;
  readonly dump: number;
  readonly pass: number;
}

function entryOf(reader: ParameterReader, problem: Problem): TableEntry {
  const device = fieldOf(reader, 'device', { problem });
  const options = fieldOf(reader, 'options', { problem, fallback: 'defaults' });
  const bind = /(?:^|,)r?bind(?:,|$)/.test(options);
  const fstype = fieldOf(reader, 'fstype', { problem, fallback: bind ? 'none' : 'auto' });
  if (!/^[\w.-]+$/.test(fstype))
    throw problem('fstype', `is ${JSON.stringify(fstype)}; allowed is a name such as "xfs"`);
  return { device, fstype, options, bind, dump: reader.number('dump', 0), pass: reader.number('pass', 0) };
}

function fieldOf(
  reader: ParameterReader,
  key: string,
  { problem, fallback }: { readonly problem: Problem; readonly fallback?: string },
): string {
  const text = reader.text(key, fallback);
  // eslint-disable-next-line no-control-regex -- control characters are what this refuses
  if (text !== '' && !text.startsWith('#') && !text.startsWith('-') && !/[\u0000-\u001f\u007f]/.test(text)) return text;
  throw problem(key, `is ${JSON.stringify(text)}, which cannot be a field of ${TABLE}`);
}

/** A field as /etc/fstab wants it: https://man7.org/linux/man-pages/man5/fstab.5.html */
function tableField(text: string): string {
  return text.replaceAll('\\', '\\134').replaceAll(' ', '\\040');
}
