import { inspect } from 'node:util';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClusterRecordContent } from '../../../src/engine/ports/cluster-records.js';
import type { Sealer } from '../../../src/engine/ports/sealer.js';
import type { ClusterId, Digest, MachineId, NodeName } from '../../../src/errors/ids.js';
import { Secret } from '../../../src/errors/secret.js';
import { createAgeSealer } from '../../../src/identity/age-sealer.js';
import { encodeEnvelope, type RecordEnvelope } from '../../../src/identity/cluster-record.js';
import { createClusterRecords } from '../../../src/identity/create-cluster-records.js';
import { generateIdentityFile, parseIdentityFile } from '../../../src/identity/identity-file.js';
import { openRecord, sealRecord } from '../../../src/identity/seal-record.js';

const SENTINEL = 'sentinel-7f3a';

const CONTENT: ClusterRecordContent = {
  formatVersion: 1,
  cluster: {
    id: '01C1' as ClusterId,
    name: 'demo',
    state: 'RUNNING',
    provider: 'local',
    spec: 'mesos/basic',
    distro: 'mesos@1.11',
    rehearsal: true,
    pins: 'aa' as Digest,
    epoch: 3,
    recordCount: 2,
    createdAt: 1_000,
    sshPublicKey: 'ssh-ed25519 AAAA',
    formerPins: null,
    isProtected: false,
  },
  spec: { groups: [{ name: 'master', size: 'SMALL' }] },
  pins: { 'specs/map.json': 'bb' },
  nodes: [
    {
      clusterId: '01C1' as ClusterId,
      name: 'demo-master-0' as NodeName,
      group: 'master',
      index: 0,
      ordinal: 1,
      roles: ['zookeeper'],
      address: '10.77.3.10',
      network: 'main',
      applied: {},
      memberOf: ['zookeeper'],
      power: 'on',
    },
  ],
  machines: [
    {
      id: '01M1' as MachineId,
      clusterId: '01C1' as ClusterId,
      nodeName: 'demo-master-0' as NodeName,
      generation: 1,
      standing: 'current',
      hostKey: 'ssh-ed25519 BBBB',
      shape: null,
      createdAt: 2_000,
    },
  ],
  sshPrivateKey: new Secret(`${SENTINEL}-ssh`),
  certificates: new Secret(`${SENTINEL}-certificates`),
  trust: {
    caCertificate: 'pem',
    gpgKey: 'pgp',
    rehearsalGpgKey: 'pgp 2',
    gpgFingerprint: 'F1',
    rehearsalGpgFingerprint: 'F2',
  },
  secrets: { 'mirror-ca-key': new Secret(`${SENTINEL}-ca`), 'a "name"': new Secret('') },
};

let sealer: Sealer;
let stranger: Sealer;
let record: Buffer;

beforeAll(async () => {
  [sealer, stranger] = [await aSealer(), await aSealer()];
  record = await sealRecord(sealer, CONTENT);
});

async function aSealer(): Promise<Sealer> {
  const identity = parseIdentityFile(await generateIdentityFile(), 'identity');
  return createAgeSealer(identity, { path: '/etc/bde/identity', createdNow: false });
}

function envelopeOf(bytes: Buffer): RecordEnvelope {
  return JSON.parse(bytes.toString()) as RecordEnvelope;
}

describe('openRecord', () => {
  it('gives back what was sealed, secrets as secrets', async () => {
    const content = await openRecord(sealer, record);

    const { secrets, sshPrivateKey, certificates, ...rest } = content;
    const { secrets: _secrets, sshPrivateKey: _key, certificates: _certificates, ...expected } = CONTENT;
    expect(rest).toEqual(expected);
    expect(sshPrivateKey.reveal()).toBe('sentinel-7f3a-ssh');
    expect(certificates?.reveal()).toBe('sentinel-7f3a-certificates');
    expect(secrets['mirror-ca-key']?.reveal()).toBe('sentinel-7f3a-ca');
    expect(Object.keys(secrets)).toEqual(['mirror-ca-key', 'a "name"']);
  });

  it('takes the record of the cluster that was asked for', async () => {
    const content = await openRecord(sealer, record, { clusterId: '01C1' as ClusterId });

    expect(content.cluster.name).toBe('demo');
  });

  it('refuses the record of another cluster than the asked one', async () => {
    const opening = openRecord(sealer, record, { clusterId: '01C2' as ClusterId });

    await expect(opening).rejects.toMatchObject({
      code: 'STATE_INVALID',
      message: 'The cluster record is that of cluster 01C1, not the asked one.',
    });
  });

  it('refuses a record of another identity and names its own', async () => {
    const opening = openRecord(stranger, record);

    await expect(opening).rejects.toMatchObject({ code: 'IDENTITY_MISSING', subject: { file: '/etc/bde/identity' } });
  });

  it('refuses a record with any one byte changed', async () => {
    const oneByte = fc.record({ at: fc.nat(record.length - 1), xor: fc.integer({ min: 1, max: 255 }) });

    await fc.assert(
      fc.asyncProperty(oneByte, async ({ at, xor }) => {
        const changed = Buffer.from(record);
        changed[at] = (changed[at] ?? 0) ^ xor;

        await expect(openRecord(sealer, changed)).rejects.toMatchObject({ exitCode: 9 });
      }),
      { numRuns: 300 },
    );
  });

  it('refuses every single bit that is flipped outside of the sealed part', async () => {
    const sealedAt = record.indexOf('"sealed"');
    const signatureAt = record.indexOf('"signature"');
    const places = [...record.keys()].filter((at) => at < sealedAt + 10 || at >= signatureAt - 2);

    for (const at of places) {
      const changed = Buffer.from(record);
      changed[at] = (changed[at] ?? 0) ^ 1;

      await expect(openRecord(sealer, changed)).rejects.toMatchObject({ exitCode: 9 });
    }
  });

  it('refuses a record that anyone could have sealed but only we could have signed', async () => {
    const forged = encodeEnvelope({ ...envelopeOf(record), signature: stranger.sign(Buffer.from('anything')) });

    const opening = openRecord(sealer, forged);

    await expect(opening).rejects.toMatchObject({
      code: 'STATE_INVALID',
      message: 'The cluster record is not signed by the operator identity: it is forged.',
    });
  });

  it('refuses a record with a raised number', async () => {
    const raised = encodeEnvelope({ ...envelopeOf(record), epoch: 4 });

    await expect(openRecord(sealer, raised)).rejects.toMatchObject({ code: 'STATE_INVALID' });
  });

  it('refuses the same envelope in another spelling', async () => {
    const pretty = Buffer.from(JSON.stringify(envelopeOf(record), null, 2));
    const extended = Buffer.from(`${JSON.stringify({ ...envelopeOf(record), note: 'hello' })}\n`);

    await expect(openRecord(sealer, pretty)).rejects.toMatchObject({ code: 'STATE_INVALID' });
    await expect(openRecord(sealer, extended)).rejects.toMatchObject({ code: 'STATE_INVALID' });
  });

  it.each(['', 'null', '[]', '7', '{}', '{"formatVersion":1}', 'cat: /var/lib/bde/record/current: No such file'])(
    'refuses %j, which is no record',
    async (text) => {
      const opening = openRecord(sealer, Buffer.from(text));

      await expect(opening).rejects.toMatchObject({
        code: 'STATE_INVALID',
        message: 'What was read is not a whole cluster record.',
      });
    },
  );

  it('refuses a record of a newer format and names both versions', async () => {
    const newer = Buffer.from(JSON.stringify({ ...envelopeOf(record), formatVersion: 2 }));

    await expect(openRecord(sealer, newer)).rejects.toMatchObject({
      code: 'STATE_INVALID',
      message: 'The cluster record has format version 2, and this bde knows version 1.',
    });
  });
});

describe('sealRecord', () => {
  it('shows whose record it is and its number, and no more', () => {
    const { sealed: _sealed, signature: _signature, ...open } = envelopeOf(record);

    expect(open).toEqual({ formatVersion: 1, clusterId: '01C1', epoch: 3, count: 2 });
    expect(record.toString()).not.toContain('10.77.3.10');
    expect(record.toString()).not.toContain(SENTINEL);
  });

  it('shows no secret of a record that was opened', async () => {
    const content = await openRecord(sealer, record);

    const shown = inspect(content, { depth: 12, showHidden: true }) + JSON.stringify(content);

    expect(shown).not.toContain(SENTINEL);
  });
});

describe('createClusterRecords', () => {
  it('opens what it seals', async () => {
    const records = createClusterRecords(sealer);

    const content = await records.open(await records.seal(CONTENT), { clusterId: '01C1' as ClusterId });

    expect(content.nodes).toEqual(CONTENT.nodes);
  });

  it('hands the number to the install command as arguments', () => {
    const records = createClusterRecords(sealer);

    const [sh, flag, script, ...rest] = records.installCommand({ epoch: 3, count: 2 });

    expect([sh, flag]).toEqual(['sh', '-c']);
    expect(script).toContain('flock');
    expect(rest).toEqual(['bde-install-record', '3', '2', '/var/lib/bde/record']);
    expect(records.printCommand()).toEqual(['cat', '/var/lib/bde/record/current']);
  });
});
