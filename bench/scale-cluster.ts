import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest } from '../src/distro/parse-manifest.js';
import { selectDistro } from '../src/distro/select-distro.js';
import type { CreateRequest } from '../src/engine/operations/create-request.js';
import { parseCookbooks } from '../src/engine/parse-cookbooks.js';
import type { PinnedSource } from '../src/engine/pins.js';
import { resolveSource } from '../src/engine/resolve-source.js';
import { readCookbooks } from '../src/files/read-cookbooks.js';
import { parseDocument } from '../src/spec/document/parse-document.js';
import { overrideDocument } from '../src/spec/override-document.js';
import { parseClusterSpec } from '../src/spec/parse-cluster-spec.js';
import { printClusterSpec } from '../src/spec/print-cluster-spec.js';

const NAME = 'scale';
/** Nodes of the two groups that decide by majority. */
const MASTERS = 5;

const SIZES = {
  SMALL: { cpuCount: 1, memoryMiB: 1024, diskGiB: 10 },
  MEDIUM: { cpuCount: 2, memoryMiB: 1536, diskGiB: 20 },
};

/** Packages of the shipped repos that the cluster's roles ask for, as the fake mirror wants to be told. */
export const SCALE_REPOS = {
  java: { packages: ['java-17-openjdk-headless'] },
  zookeeper: { packages: ['zookeeper'], requires: ['java'] },
  mesos: { packages: ['mesos', 'marathon', 'chronos'], requires: ['java'] },
};

/** The shipped `mesos/basic` with five ZooKeeper nodes, five masters, and agents that make up the number of nodes. */
export async function scaleRequest(root: string, nodeCount: number): Promise<CreateRequest> {
  const distro = await mesosDistro(root);
  const source = await scaleSource(root, nodeCount, distro);
  const cookbooks = (await readCookbooks([join(root, 'cookbooks')])).filter(
    ({ name }) => name === 'base' || distro.cookbooks?.includes(name) === true,
  );
  return {
    resolved: resolveSource(source, { name: NAME, roles: parseCookbooks(cookbooks).roles, ordinals: new Map() }),
    distro: { repos: distro.repos, attributes: distro.attributes },
    cookbooks,
    source,
    rehearsal: false,
    secrets: new Map(),
    asked: {},
  };
}

type Distro = ReturnType<typeof selectDistro>;

async function mesosDistro(root: string): Promise<Distro> {
  const path = join(root, 'distros', 'manifest.json');
  return selectDistro(parseManifest(parseDocument(await readFile(path, 'utf8'), path)), 'mesos');
}

async function scaleSource(root: string, nodeCount: number, distro: Distro): Promise<PinnedSource> {
  const path = join(root, 'specs', 'mesos', 'basic', 'spec.json');
  const counts = { zookeeper: MASTERS, master: MASTERS, agent: nodeCount - 2 * MASTERS };
  const overrides = Object.entries(counts).map(([group, count]) => `nodeGroups.${group}.instanceNum=${String(count)}`);
  const document = parseDocument(await readFile(path, 'utf8'), path);
  const { spec } = parseClusterSpec(overrideDocument(document, overrides));
  const { name, vendor, version } = distro;
  return { text: printClusterSpec(spec), label: 'mesos/basic', distro: { name, vendor, version }, sizes: SIZES };
}
