import { describe, expect, it } from 'vitest';
import type { ClusterCertificates } from '../../../../src/engine/certificates/cluster-certificates.js';
import { forecastCertificates } from '../../../../src/engine/certificates/forecast-certificates.js';
import type { NodeName, OperationId } from '../../../../src/errors/ids.js';
import { Secret } from '../../../../src/errors/secret.js';

const DAY_MS = 24 * 3600 * 1000;
const NOW = Date.parse('2026-06-01T12:00:00Z');
const NODES = ['lab-a-0' as NodeName, 'lab-a-1' as NodeName] as const;

/** The authority and the nodes' certificates, by days that they are good for. */
function certificates(authorityDays: number, nodeDays: readonly number[]): ClusterCertificates {
  const certified = (serial: string, days: number) => ({
    ...{ serial, certificate: '', key: new Secret('') },
    expiresAt: NOW + days * DAY_MS,
  });
  const made = { authority: 'ca', subject: { names: [], addresses: [] }, madeBy: 'O1' as OperationId };
  return {
    authorities: [{ ...certified('ca', authorityDays), standing: 'signing' }],
    nodes: Object.fromEntries(
      nodeDays.map((days, index) => [NODES[index] ?? '', { ...certified(`n${index}`, days), ...made }] as const),
    ),
  };
}

function forecast(of: ClusterCertificates) {
  return forecastCertificates(of, { cluster: 'lab', nodes: NODES, nowMs: NOW });
}

describe('forecastCertificates', () => {
  it('names what expires first, and warns of nothing that has time', () => {
    const { earliest, warnings, nodes } = forecast(certificates(3000, [200, 100]));

    expect(earliest).toEqual({ node: 'lab-a-1', expiresAt: '2026-09-09T12:00:00.000Z' });
    expect(nodes.map(({ node, serial }) => [node, serial])).toEqual([
      ['lab-a-0', 'n0'],
      ['lab-a-1', 'n1'],
    ]);
    expect(warnings).toEqual([]);
  });

  it('warns of nodes with less than thirty days, and says what to run', () => {
    expect(forecast(certificates(3000, [29, 12])).warnings).toEqual([
      'The certificate of lab-a-1 expires on 2026-06-13, in 12 days, those of 1 more nodes soon after it: bde cluster rotate-certs lab',
    ]);
  });

  it('warns of an authority that has expired', () => {
    const { earliest, warnings } = forecast(certificates(-1, [100]));

    expect(earliest.node).toBeNull();
    expect(warnings).toEqual(['The authority expired on 2026-05-31: bde cluster rotate-certs lab --ca']);
  });

  it('says where an exchange of the authority was left half way', () => {
    const { authorities, nodes } = certificates(3000, [100]);
    const both = [...authorities, { ...authorities[0]!, serial: 'next', standing: 'next' as const }];

    expect(forecast({ authorities: both, nodes }).warnings).toEqual([
      'Two authorities are trusted, for their exchange has not ended: bde cluster resume lab, or bde cluster rotate-certs lab --ca',
    ]);
  });
});
