import { parseManifest, type Manifest } from '../../../src/distro/parse-manifest.js';
import { parseSpecMap, type SpecMap } from '../../../src/distro/spec-map.js';
import { parseDocument } from '../../../src/spec/document/parse-document.js';

export function manifestOf(...entries: readonly unknown[]): Manifest {
  return parseManifest(parseDocument(JSON.stringify(entries), 'manifest.json'));
}

export function specMapOf(...entries: readonly unknown[]): SpecMap {
  return parseSpecMap(parseDocument(JSON.stringify(entries), 'map.json'));
}

/** The two entries that the field article added to BDE 2.2, as they were published. */
export const FIELD_ENTRIES = [
  {
    name: 'kubernetes',
    vendor: 'KUBERNETES',
    version: '0.5.4',
    packages: [
      {
        tarball: 'kubernetes/kubernetes-0.5.4.tar.gz',
        roles: ['kubernetes_workstation', 'kubernetes_master', 'kubernetes_minion'],
      },
    ],
  },
  {
    name: 'mesos',
    vendor: 'MESOS',
    version: '0.21.0',
    packages: [
      {
        package_repos: ['https://0.0.0.0/yum/mesos.repo'],
        roles: ['zookeeper', 'mesos_master', 'mesos_slave', 'mesos_docker', 'mesos_chronos', 'mesos_marathon'],
      },
    ],
  },
];

/** The map entries of the same article. */
export const FIELD_MAP = [
  {
    vendor: 'Kubernetes',
    version: '^(\\d+)(\\.\\w+)*',
    type: 'Basic Kubernetes Cluster',
    appManager: 'Default',
    path: 'Ironfan/kubernetes/basic/spec.json',
  },
  {
    vendor: 'Mesos',
    version: '^(\\d+)(\\.\\w+)*',
    type: 'Basic Mesos Cluster',
    appManager: 'Default',
    path: 'Ironfan/mesos/basic/spec.json',
  },
];
