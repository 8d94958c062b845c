import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ROOT } from '../run-process.mjs';
import { ofKind } from './workload.mjs';

const DAEMON = join(ROOT, 'bench', 'converge', 'daemon.pl');
/** Bytes of text that each package lays. */
const PAYLOAD_LINES = 2000;

/** The package repo of the workload, by path below the project root. The first package brings the daemon. */
export function toRepo(resources) {
  const names = ofKind(resources, 'packages').flatMap((resource) => resource.names);
  return {
    'repos/wbench/repo.yaml': stringify({ formatVersion: 1, summary: 'Packages of the benchmark', packages: names }),
    'repos/wbench/build.yaml': stringify({ formatVersion: 1, packages: names.map(toPackage) }),
  };
}

function toPackage(name, position) {
  const files =
    position === 0
      ? [{ path: '/usr/lib/wbench/daemon', content: readFileSync(DAEMON, 'utf8'), mode: '0755' }]
      : [{ path: `/usr/share/${name}/data`, content: `${name}\n`.repeat(PAYLOAD_LINES) }];
  return { name, summary: `Benchmark: ${name}`, license: 'Apache-2.0', version: '1.0', revision: 1, files };
}
