import { describe, expect, it } from 'vitest';
import {
  decodeCertificates,
  encodeCertificates,
  signingAuthority,
  trustBundle,
  type ClusterCertificates,
} from '../../../../src/engine/certificates/cluster-certificates.js';
import { nextCertificates, type CertificatesOrder } from '../../../../src/engine/certificates/next-certificates.js';
import { whyCertify } from '../../../../src/engine/certificates/why-certify.js';
import type { NodeName, OperationId } from '../../../../src/errors/ids.js';
import { plainCertifier } from '../../../fakes/plain-certifier.js';

const MAKER = { certifier: plainCertifier(), clusterName: 'lab', nowMs: 0 };
const [A, B] = ['lab-a-0', 'lab-b-0'] as [NodeName, NodeName];

function order(act: CertificatesOrder['act'], nodes: readonly NodeName[], operation = 'O1'): CertificatesOrder {
  return {
    act,
    nodes: nodes.map((name) => ({ name, subject: { names: [name], addresses: ['10.0.0.1'] } })),
    known: new Set([A, B]),
    operation: operation as OperationId,
  };
}

async function after(
  current: ClusterCertificates | null,
  ...orders: readonly CertificatesOrder[]
): Promise<ClusterCertificates> {
  const [first, ...rest] = orders;
  if (first === undefined) throw new Error('nothing is ordered');
  const next = await nextCertificates(current, first, MAKER);
  return rest.length === 0 ? next : after(next, ...rest);
}

const serials = ({ nodes }: ClusterCertificates) => Object.values(nodes).map(({ serial }) => serial);
const standings = ({ authorities }: ClusterCertificates) => authorities.map(({ standing }) => standing);

describe('nextCertificates', () => {
  it('makes the authority with the first certificate', async () => {
    const made = await after(null, order('issue', [A]));

    expect(standings(made)).toEqual(['signing']);
    expect(made.nodes[A]?.authority).toBe(signingAuthority(made).serial);
  });

  it('makes no second one for an operation that goes on', async () => {
    const once = await after(null, order('issue', [A, B]));

    const twice = await after(once, order('issue', [A, B]));

    expect(serials(twice)).toEqual(serials(once));
  });

  it('makes another one for the next operation, and leaves other nodes alone', async () => {
    const once = await after(null, order('issue', [A, B]));

    const next = await after(once, order('issue', [A], 'O2'));

    expect(next.nodes[A]?.serial).not.toBe(once.nodes[A]?.serial);
    expect(next.nodes[B]).toEqual(once.nodes[B]);
  });

  it('forgets nodes that the cluster has no more', async () => {
    const once = await after(null, order('issue', [A, B]));

    const next = await after(once, { ...order('issue', [A], 'O2'), known: new Set([A]) });

    expect(Object.keys(next.nodes)).toEqual([A]);
  });

  it('exchanges the authority in three acts, of which each may be done twice', async () => {
    const old = await after(null, order('issue', [A]));

    const both = await after(old, order('trust', [], 'O2'), order('trust', [], 'O2'));
    const signed = await after(both, order('sign', [A], 'O2'), order('sign', [A], 'O2'));
    const dropped = await after(signed, order('drop', [], 'O2'), order('drop', [], 'O2'));

    expect([standings(both), standings(signed), standings(dropped)]).toEqual([
      ['signing', 'next'],
      ['former', 'signing'],
      ['signing'],
    ]);
    expect(trustBundle(signed)).toBe(trustBundle(both));
    expect(signed.nodes[A]?.authority).toBe(signingAuthority(dropped).serial);
    expect(serials(dropped)).toEqual(serials(signed));
  });

  it('goes on with the next authority of an exchange that was left', async () => {
    const left = await after(null, order('issue', [A]), order('trust', [], 'O2'));

    const next = await after(left, order('trust', [], 'O3'));

    expect(next.authorities).toEqual(left.authorities);
  });
});

describe('whyCertify', () => {
  const subject = { names: [A], addresses: ['10.0.0.1'] };

  it('is satisfied with a certificate of the authority that signs', async () => {
    expect(whyCertify(await after(null, order('issue', [A])), { name: A, subject })).toBeNull();
  });

  it('wants one where there is none, for another address, and of another authority', async () => {
    const made = await after(null, order('issue', [A]));
    const other = await after(made, order('trust', [], 'O2'), order('sign', [B], 'O2'));

    expect(whyCertify(null, { name: A, subject })).toBe('it has none yet');
    expect(whyCertify(made, { name: B, subject })).toBe('it has none yet');
    expect(whyCertify(made, { name: A, subject: { ...subject, addresses: ['10.0.0.2'] } })).toBe(
      'its names or addresses are others',
    );
    expect(whyCertify(other, { name: A, subject })).toBe('another authority signs by now');
  });
});

it('comes back from its sealed form, with keys that do not print', async () => {
  const made = await after(null, order('issue', [A]));

  const again = decodeCertificates(encodeCertificates(made));

  expect(again).toEqual(made);
  expect(again.nodes[A]?.key.reveal()).toBe(made.nodes[A]?.key.reveal());
  expect(JSON.stringify(again)).not.toContain('PRIVATE KEY');
});
