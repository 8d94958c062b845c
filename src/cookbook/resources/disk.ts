import files from '../shell/files.sh';
import lack from '../shell/lack.sh';
import mounts from '../shell/mounts.sh';
import script from './disk.sh';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { ResolveContext, ResourceKind } from './resource-kind.js';

/** How long a label may be, by filesystem: one that mkfs cut would never be found again. */
const LABEL_LENGTHS: Readonly<Record<string, number>> = { ext4: 16, xfs: 12, vfat: 11, swap: 15 };

/** A filesystem on a blank disk. What is not blank is never touched. */
export const disk: ResourceKind = {
  kind: 'disk',
  revision: 1,
  scripts: [files, lack, mounts, script],
  resolve(resource, { problem }) {
    const reader = readParameters(resource, problem);
    const device = reader.path(null);
    if (!device.startsWith('/dev/')) throw problem(null, `is ${JSON.stringify(device)}; allowed is a path below /dev`);
    const fstype = reader.choice('fstype', Object.keys(LABEL_LENGTHS));
    const label = reader.has('label') ? labelOf(reader, fstype, problem) : '';
    const partition = reader.flag('partition', false);
    return {
      parameters: { device, fstype, label, partition },
      function: 'disk',
      arguments: [device, fstype, label, partition ? 'partition' : ''],
      path: device,
    };
  },
};

/** A label of vfat has capitals only. */
function labelOf(reader: ParameterReader, fstype: string, problem: ResolveContext['problem']): string {
  const label = reader.text('label');
  const length = LABEL_LENGTHS[fstype] ?? 0;
  const [pattern, signs] = fstype === 'vfat' ? [/^[A-Z0-9_-]+$/, 'A-Z 0-9 _ -'] : [/^[\w.-]+$/, 'A-Z a-z 0-9 . _ -'];
  if (pattern.test(label) && label.length <= length) return label;
  throw problem('label', `is ${JSON.stringify(label)}; allowed for ${fstype} are at most ${length} of ${signs}`);
}
