import type { CookbookSource } from '../../../src/cookbook/types.js';
import { NO_CHANGE, type ChangeInputs, type ChangeRequest } from '../../../src/engine/operations/change-request.js';
import type { PinnedSource } from '../../../src/engine/pins.js';
import { cookbook } from './sample-cluster.js';

const SIZES = {
  SMALL: { cpuCount: 1, memoryMiB: 512, diskGiB: 4 },
  LARGE: { cpuCount: 2, memoryMiB: 2048, diskGiB: 4 },
};

/** One group of a changing cluster. */
export interface SampleGroup {
  readonly roles: readonly string[];
  readonly count: number;
  readonly size?: keyof typeof SIZES;
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Size of one data disk; absent: none. */
  readonly diskGB?: number;
}

/** A spec in normal form, with groups by name. */
export function sampleSource(groups: Readonly<Record<string, SampleGroup>>): PinnedSource {
  const nodeGroups = Object.entries(groups).map(([name, group]) => ({
    name,
    roles: group.roles,
    instanceNum: group.count,
    instanceType: group.size ?? 'SMALL',
    configuration: group.configuration ?? {},
    ...(group.diskGB === undefined ? {} : { storage: { type: 'LOCAL', sizeGB: group.diskGB } }),
  }));
  return {
    text: JSON.stringify({ apiVersion: 'bde/v2', nodeGroups }),
    label: 'test',
    distro: { name: 'd', vendor: 'V', version: '1' },
    sizes: SIZES,
  };
}

const BASE = cookbook('base', {
  'roles/basic.yaml': 'summary: Base\nrunList: ["base::node"]\n',
  'recipes/node.yaml': 'resources:\n  - hosts_entries: cluster\n',
});

/** A store whose members let each other in and out, and workers that require it. */
export const FLEET: readonly CookbookSource[] = [
  BASE,
  cookbook('fleet', {
    'attributes.yaml': 'level: { type: integer, default: 1 }\n',
    'roles/store.yaml': `
summary: Store
reads: [store]
runList: ["fleet::store"]
cardinality: { min: 1, max: null, quorum: true }
ready: { scope: quorum, withinSeconds: 60, probe: { command: probe-store } }
join: { command: "let-in {{node.name}} by {{length members}}" }
leave: { command: "let-out {{node.name}}" }
update: { leader: { command: "leads-store {{node.name}}" } }
`,
    'roles/worker.yaml': `
summary: Worker
requires: [store]
runList: ["fleet::worker"]
ready: { scope: each, withinSeconds: 60, probe: { command: probe-worker } }
drain: { command: drain-worker }
undrain: { command: undrain-worker }
leave: { command: forget-worker }
remove: { runList: ["fleet::unworker"] }
update: { maxUnavailable: "50%" }
`,
    'recipes/store.yaml':
      'resources:\n  - file: /etc/store\n    content: "{{node.ordinal}} {{attributes.level}} {{node.memoryMiB}}"\n  - service: store\n',
    'recipes/worker.yaml':
      'resources:\n  - file: /etc/worker\n    content: "{{attributes.level}}"\n  - service: worker\n',
    'recipes/unworker.yaml': 'resources:\n  - service: worker\n    state: stopped\n',
  }),
];

/** The inputs of a fleet with these groups. */
export function fleetInputs(groups: Readonly<Record<string, SampleGroup>>): ChangeInputs {
  return {
    source: sampleSource(groups),
    distro: { repos: [], attributes: {} },
    cookbooks: FLEET,
    secrets: new Map(),
    isPreparedAnew: false,
  };
}

/** A change; an `apply` of nothing unless the part says more. */
export function aChange(part: Partial<ChangeRequest>): ChangeRequest {
  return { ...NO_CHANGE, kind: 'apply', asked: {}, ...part };
}
