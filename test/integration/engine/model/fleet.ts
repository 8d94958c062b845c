import type { CookbookSource } from '../../../../src/cookbook/types.js';
import type { ChangeInputs } from '../../../../src/engine/operations/change-request.js';
import { cookbook } from '../../../unit/engine/sample-cluster.js';
import { sampleSource } from '../../../unit/engine/sample-change.js';

/** What a random change asks for: stores have data and decide by majority, workers require them. */
export interface Fleet {
  readonly stores: number;
  readonly workers: number;
  readonly storeSize: 'SMALL' | 'LARGE';
  readonly level: number;
  /** Version of the distro: it brings an attribute of its own. */
  readonly version: 1 | 2;
}

const COOKBOOKS: readonly CookbookSource[] = [
  cookbook('base', {
    'roles/basic.yaml': 'summary: Base\nrunList: ["base::node"]\n',
    'recipes/node.yaml': 'resources:\n  - file: /etc/motd\n    content: hello\n  - node_certificate: /etc/bde/tls\n',
  }),
  cookbook('fleet', {
    'attributes.yaml': `
level: { type: integer, default: 1 }
edition: { type: integer, default: 0 }
key: { type: string, secret: true, generate: { length: 16 } }
`,
    'roles/store.yaml': `
summary: Store
reads: [store]
runList: ["fleet::store"]
cardinality: { min: 1, max: null, quorum: true }
ready: { scope: quorum, withinSeconds: 20, probe: { command: probe-store } }
acceptance: { command: accept-store, timeoutSeconds: 10 }
join: { command: let-in }
leave: { command: let-out }
update: { leader: { command: leads-store } }
backup: { scope: any, runList: ["fleet::dump"] }
restore: { runList: ["fleet::load"] }
`,
    'roles/worker.yaml': `
summary: Worker
requires: [store]
runList: ["fleet::worker"]
ready: { scope: each, withinSeconds: 20, probe: { command: probe-worker } }
drain: { command: drain-worker }
undrain: { command: undrain-worker }
leave: { command: forget-worker }
remove: { runList: ["fleet::unworker"] }
update: { maxUnavailable: "50%" }
`,
    'recipes/store.yaml': `
resources:
  - node_certificate: /etc/bde/tls
  - file: /etc/store
    mode: "0600"
    content: "{{node.ordinal}} {{attributes.level}} {{attributes.edition}} {{node.memoryMiB}} {{attributes.key}}"
  - service: store
`,
    'recipes/worker.yaml':
      'resources:\n  - package: worker\n  - file: /etc/worker\n    content: "{{attributes.level}}"\n  - service: worker\n',
    'recipes/dump.yaml': 'resources:\n  - execute: dump\n    command: "dump {{backup.directory}}"\n',
    'recipes/load.yaml': 'resources:\n  - execute: load\n    command: "load {{backup.directory}}"\n',
    'recipes/unworker.yaml': 'resources:\n  - service: worker\n    state: stopped\n',
  }),
];

/** What the mirror has. */
export const FLEET_REPOS = { main: { packages: ['worker'] } };

/** What a cluster of this fleet is made from. */
export function inputsOf({ stores, workers, storeSize, level, version }: Fleet): ChangeInputs {
  const configuration = { fleet: { level } };
  const source = sampleSource({
    s: { roles: ['store'], count: stores, size: storeSize, configuration, diskGB: 1 },
    ...(workers === 0 ? {} : { w: { roles: ['worker'], count: workers, configuration } }),
  });
  return {
    source: { ...source, distro: { ...source.distro, version: String(version) } },
    distro: { repos: ['main'], attributes: { fleet: { edition: version } } },
    cookbooks: COOKBOOKS,
    secrets: new Map(),
    isPreparedAnew: false,
  };
}
