import { describe, expect, it } from 'vitest';
import { NodeLinks, type NodeLinksDependencies } from '../../../src/engine/node-links.js';
import type { NodeLink, NodeTarget } from '../../../src/engine/ports/nodes.js';
import { BdeError } from '../../../src/errors/bde-error.js';
import type { ClusterId, MachineId, NodeName } from '../../../src/errors/ids.js';
import { Secret } from '../../../src/errors/secret.js';
import { aCluster, aMachine, aNode } from '../../contract/store-records.js';
import { createMemoryStore } from '../../fakes/memory-store.js';

const NEVER = new AbortController().signal;
const NAMES = ['a', 'b', 'c', 'd', 'e'] as NodeName[];

interface Connecting {
  readonly connected: string[];
  readonly closed: string[];
  /** Most connects under way at one time. */
  most: number;
}

/** Links to five nodes over connects that take a turn of the event loop each. */
async function setting(fails: (target: NodeTarget) => boolean = () => false) {
  const store = createMemoryStore();
  const clusterId = 'C1' as ClusterId;
  await store.clusters.insert(aCluster({ id: clusterId }));
  for (const [index, name] of NAMES.entries()) {
    await store.nodes.putNode(aNode({ clusterId, name, index, address: `10.0.0.${String(index)}` }));
    await store.nodes.putMachine(aMachine({ clusterId, id: `M${String(index)}` as MachineId, nodeName: name }));
  }
  const seen: Connecting = { connected: [], closed: [], most: 0 };
  let underWay = 0;
  const connect = async (target: NodeTarget): Promise<NodeLink> => {
    underWay += 1;
    seen.most = Math.max(seen.most, underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    if (fails(target)) throw new BdeError('CONNECT_FAILED', 'no answer');
    seen.connected.push(target.name);
    return { close: () => Promise.resolve(void seen.closed.push(target.name)) } as Partial<NodeLink> as NodeLink;
  };
  const deps: NodeLinksDependencies = {
    nodes: {
      connect,
      readForced: () => Promise.reject(new Error('nobody reads')),
      generateKeyPair: () => ({ privateOpenSsh: new Secret(''), publicOpenSsh: '' }),
    },
    table: store.nodes,
    clusterId,
    privateKey: new Secret('key'),
    connectTimeoutMs: 1000,
    connectsAtOnce: 2,
  };
  return { links: new NodeLinks(deps), seen };
}

const [A] = NAMES as [NodeName];

describe('NodeLinks', () => {
  it('opens one connection per node, whoever asks', async () => {
    const { links, seen } = await setting();

    const opened = await Promise.all([links.to(A, NEVER), links.to(A, NEVER), links.to(A, NEVER)]);

    expect(seen.connected).toEqual(['a']);
    expect(new Set(opened).size).toBe(1);
  });

  it('opens no more connections at once than allowed', async () => {
    const { links, seen } = await setting();

    await Promise.all(NAMES.map((name) => links.to(name, NEVER)));

    expect(seen).toMatchObject({ connected: { length: 5 }, most: 2 });
  });

  it('tries anew after a connection that failed', async () => {
    let failures = 1;
    const { links, seen } = await setting(() => (failures -= 1) >= 0);

    await expect(links.to(A, NEVER)).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
    await links.to(A, NEVER);

    expect(seen.connected).toEqual(['a']);
  });

  it('opens a new connection to a node whose machine was replaced', async () => {
    const { links, seen } = await setting();
    await links.to(A, NEVER);

    await links.drop(A);
    await links.to(A, NEVER);

    expect(seen).toMatchObject({ connected: ['a', 'a'], closed: ['a'] });
  });

  it('closes all of them at the end', async () => {
    const { links, seen } = await setting();
    await Promise.all(NAMES.map((name) => links.to(name, NEVER)));

    await links.closeAll();

    expect([...seen.closed].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('says of a node without a machine that it has none', async () => {
    const { links } = await setting();

    await expect(links.to('nobody' as NodeName, NEVER)).rejects.toThrow(
      'The node nobody has no machine to connect to.',
    );
  });
});
