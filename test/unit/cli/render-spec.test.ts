import { describe, expect, it } from 'vitest';
import { renderSpec } from '../../../src/cli/render-spec.js';
import { parseDocument } from '../../../src/spec/document/parse-document.js';
import { parseClusterSpec } from '../../../src/spec/parse-cluster-spec.js';

const TEXT = `{
  "apiVersion": "bde/v2",
  "distro": "zookeeper@3.8",
  "nodeGroups": [
    { "name": "zk", "roles": ["zookeeper"], "instanceNum": 3, "instanceType": "SMALL" },
    { "name": "big", "roles": ["a", "b"], "instanceNum": 2, "cpuNum": 4, "memCapacityMB": 4096,
      "storage": { "sizeGB": 30, "diskNum": 2 } }
  ]
}`;

describe('renderSpec', () => {
  it('shows each group with what its machines are like', () => {
    const { spec } = parseClusterSpec(parseDocument(TEXT, 'my.json'));

    const lines = renderSpec({
      formatVersion: 1,
      spec: 'my.json',
      file: 'my.json',
      text: TEXT,
      normalForm: spec,
      warnings: [],
    });

    expect(lines).toEqual([
      'my.json  5 nodes, bde/v2, distro zookeeper@3.8, my.json',
      '',
      'GROUP  NODES  ROLES      SIZE   CPUS  MEMORY MIB  DATA DISKS',
      'zk         3  zookeeper  SMALL     -           -  -',
      'big        2  a,b        -         4        4096  2 × 15 GiB',
    ]);
  });
});
