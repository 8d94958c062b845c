import { spawn } from 'node:child_process';
import { BdeError } from '../../errors/bde-error.js';
import type { NodeName } from '../../errors/ids.js';
import { findTarget } from '../../engine/node-links.js';
import { clusterKey } from '../../engine/open-links.js';
import { homePaths } from '../paths.js';
import { openProvider, openSealer, openSshCommandOf } from '../wire.js';
import { findCluster } from './find-cluster.js';
import { withStore } from './with-store.js';

/** Hands the terminal to an OpenSSH client with the cluster's key and the node's pinned host key; gives its exit code. */
export async function sshToNode(name: string, node: string, argv: readonly string[]): Promise<number> {
  const command = await withStore(async (store) => {
    const cluster = await findCluster(store, name);
    const known = (await store.nodes.listNodes(cluster.id)).find((each) => each.name === node);
    if (known === undefined) throw unknownNode(name, node);
    const privateKey = await clusterKey({ store, sealer: await openSealer(store) }, cluster);
    const { access } = await openProvider({ name: cluster.provider });
    const deps = { table: store.nodes, clusterId: cluster.id, privateKey, access };
    const target = await findTarget(deps, node as NodeName);
    return openSshCommandOf(target, { folder: homePaths().ssh, argv });
  });
  return runInTerminal(command);
}

function runInTerminal([program = 'ssh', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const client = spawn(program, args, { stdio: 'inherit' });
    client.once('error', (cause) => {
      reject(
        new BdeError('CONNECT_FAILED', `The program ${program} could not be started.`, {
          cause,
          hint: 'Install an OpenSSH client: apt-get install openssh-client.',
        }),
      );
    });
    client.once('close', (code) => {
      resolve(code ?? 255);
    });
  });
}

function unknownNode(cluster: string, node: string): BdeError {
  return new BdeError('UNKNOWN_NODE', `The cluster ${cluster} has no node ${node}.`, {
    subject: { cluster, node },
    hint: `See its nodes with bde cluster show ${cluster}.`,
  });
}
