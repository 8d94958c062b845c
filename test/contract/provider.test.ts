import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CreateMachine, ProviderWithAbilities } from '../../src/engine/ports/provider.js';
import { createMemoryProvider, failNext, readMemoryWorld } from '../fakes/memory-provider.js';
import { aCreation } from './provider-requests.js';
import { describeProvider } from './provider.contract.js';

describeProvider('memory', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'bde-memory-'));
  const subject = createMemoryProvider({ dir });
  const template = await subject.provider.ensureTemplate(
    { name: 'debian-12', formatVersion: 1 },
    () => Promise.resolve(),
    () => undefined,
  );
  return {
    subject,
    location: { kind: 'memory', dir },
    creation: {
      template: template.digest,
      address: '10.64.0.10',
      prefixLength: 22,
      hostKey: { privateOpenSsh: 'private', publicOpenSsh: 'ssh-ed25519 AAAA one' },
    },
    other: { address: '10.64.0.11', hostKey: { privateOpenSsh: 'other', publicOpenSsh: 'ssh-ed25519 BBBB two' } },
    dispose: () => rm(dir, { recursive: true }),
  };
});

describe('failures of the memory provider', () => {
  const free = (): Promise<void> => Promise.resolve();
  let dir: string;
  let subject: ProviderWithAbilities;
  let request: CreateMachine;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bde-memory-'));
    subject = createMemoryProvider({ dir });
    const template = await subject.provider.ensureTemplate(
      { name: 'debian-12', formatVersion: 1 },
      free,
      () => undefined,
    );
    const hostKey = { privateOpenSsh: 'private', publicOpenSsh: 'ssh-ed25519 AAAA one' };
    request = aCreation({ template: template.digest, address: '10.64.0.10', prefixLength: 22, hostKey });
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('happen as often as a test asked for', async () => {
    await failNext(dir, { method: 'create', node: '^shop-', times: 2 });

    const ends = await Promise.allSettled([1, 2, 3].map(() => subject.provider.create(request, free)));

    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('leave other nodes alone', async () => {
    await failNext(dir, { method: 'create', node: '^office-' });

    const made = await subject.provider.create(request, free);

    expect(made.state).toBe('on');
  });

  it('leave a partial machine where asked to', async () => {
    await failNext(dir, { method: 'create', node: 'worker', leaves: 'partial' });
    await expect(subject.provider.create(request, free)).rejects.toMatchObject({ code: 'PROVIDER_FAILED' });

    expect(Object.values(readMemoryWorld(dir).machines)).toEqual([
      {
        mark: request.mark,
        state: 'partial',
        addresses: ['10.64.0.10'],
        hostKeyPublic: 'ssh-ed25519 AAAA one',
        size: { cpuCount: request.size.cpuCount, memoryMiB: request.size.memoryMiB },
      },
    ]);
  });
});
