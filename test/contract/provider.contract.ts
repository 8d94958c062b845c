import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Guard } from '../../src/engine/ports/guard.js';
import type { CreateMachine, MachineListing, ProviderWithAbilities } from '../../src/engine/ports/provider.js';
import { BdeError } from '../../src/errors/bde-error.js';
import type { ClusterId, Digest, MachineId } from '../../src/errors/ids.js';
import { buildProviderChild } from './build-provider-child.js';
import type { ChildOrder } from './provider-child.js';
import { aCreation, machineIdOf, type CreationInput } from './provider-requests.js';

/** A provider with an empty world of its own. */
export interface ProviderUnderTest {
  readonly subject: ProviderWithAbilities;
  /** How a child process opens the same world. */
  readonly location: ChildOrder['provider'];
  /** Defaults of creations: template, host key, and address, which fits the network. */
  readonly creation: CreationInput;
  /** Another address of the network and another host key. */
  readonly other: Pick<CreationInput, 'address' | 'hostKey'>;
  /** Removes the whole world, whatever state it is in. */
  readonly dispose: () => Promise<void>;
}

const free: Guard = () => Promise.resolve();
const UNKNOWN = '01ARZ3NDEKTSV4RRFFQ69G5FZZ' as MachineId;
/** No provider calls its guard more often in one creation or destruction. */
const MOST_GUARD_CALLS = 40;

/** The promises of the `Provider` port and of the abilities that the subject has. */
export function describeProvider(name: string, make: () => Promise<ProviderUnderTest>): void {
  describe(`provider ${name}`, () => {
    let world: ProviderUnderTest;
    let child: ChildProgram;
    beforeAll(async () => {
      child = await buildChild();
    });
    afterAll(() => child.remove());
    beforeEach(async () => {
      world = await make();
    });
    afterEach(() => world.dispose());

    const creation = (change: Partial<CreationInput> = {}): CreateMachine =>
      aCreation({ ...world.creation, ...change });
    const create = (change: Partial<CreationInput> = {}): Promise<MachineListing> =>
      world.subject.provider.create(creation(change), free);
    const canPower = (): boolean => world.subject.provider.describe().canPower !== false;
    const states = async (): Promise<readonly string[]> =>
      (await world.subject.provider.list()).map(({ mark, state }) => `${mark.machineId.slice(-2)} ${state}`);
    const run = (order: Omit<ChildOrder, 'provider' | 'creation'>): Promise<string> =>
      child.run({ ...order, provider: world.location, creation: world.creation });

    it('changes cores and memory of a machine that stays, running or not', async () => {
      const { provider, resizer } = world.subject;
      if (resizer === undefined) return;
      const { mark } = await create();
      const capacity = { size: { cpuCount: 2, memoryMiB: 1536 }, swapMiB: 0 };

      await resizer.resize(mark.machineId, capacity, free);
      await resizer.resize(mark.machineId, capacity, free);
      await provider.power(mark.machineId, 'off', free);
      await resizer.resize(mark.machineId, { ...capacity, size: { cpuCount: 1, memoryMiB: 512 } }, free);
      await provider.power(mark.machineId, 'on', free);

      expect(await states()).toEqual([`${mark.machineId.slice(-2)} on`]);
    });

    it('refuses to change a machine that it does not know', async () => {
      const { resizer } = world.subject;
      if (resizer === undefined) return;

      const resized = resizer.resize(UNKNOWN, { size: { cpuCount: 1, memoryMiB: 512 }, swapMiB: 0 }, free);

      await expect(resized).rejects.toMatchObject({ code: 'PROVIDER_FAILED' });
    });

    it('gives the data disks of a machine that is off to the next one of its node', async () => {
      const { provider, disks } = world.subject;
      if (disks === undefined) return;
      const first = (await create({ dataDisksGiB: [1, 1] })).mark.machineId;
      await provider.power(first, 'kill', free);
      const next = { id: 'A2', generation: 2, dataDisksGiB: [1, 1], disksFrom: ['A1'] };

      await create(next);
      await create(next);
      await provider.destroy(first, free);

      expect(await disks.readable([first, machineIdOf('A2'), UNKNOWN])).toEqual(
        new Map([
          [first, []],
          [machineIdOf('A2'), [0, 1]],
          [UNKNOWN, []],
        ]),
      );
      expect(await states()).toEqual(['A2 on']);
    });

    it('takes no disk of a machine that runs, and makes up none that is nowhere', async () => {
      const { provider, disks } = world.subject;
      if (disks === undefined) return;
      const { mark } = await create({ dataDisksGiB: [1] });
      const next = { id: 'A2', generation: 2, address: world.other.address, disksFrom: ['A1'] };

      const early = await codeOf(create({ ...next, dataDisksGiB: [1] }));
      const kept = await disks.readable([mark.machineId]);
      await provider.power(mark.machineId, 'kill', free);
      const missing = await codeOf(create({ ...next, dataDisksGiB: [1, 1] }));

      expect([early, missing]).toEqual(['PROVIDER_FAILED', 'PROVIDER_FAILED']);
      expect(kept).toEqual(new Map([[mark.machineId, [0]]]));
    });

    it('loses no disk to a kill while disks are taken, nor to other keys the second time', async () => {
      const { provider, disks } = world.subject;
      if (disks === undefined) return;
      const dataDisksGiB = [1, 1];
      const next = { id: 'A2', generation: 2, dataDisksGiB, disksFrom: ['A1'] };
      for (let killAtGuard = 1; killAtGuard <= MOST_GUARD_CALLS; killAtGuard += 1) {
        const { mark } = await create({ dataDisksGiB });
        await provider.power(mark.machineId, 'kill', free);
        const order = { ...world.creation, ...next };
        const ended = await child.run({ verb: 'create', killAtGuard, provider: world.location, creation: order });
        await create({ ...next, ...(killAtGuard % 2 === 0 ? { hostKey: world.other.hostKey } : {}) });

        expect((await disks.readable([machineIdOf('A2')])).get(machineIdOf('A2'))).toEqual([0, 1]);

        for (const id of ['A1', 'A2']) await provider.destroy(machineIdOf(id), free);
        if (ended === 'done') break;
      }
    });

    it('shows traces of a machine just as long as there is something of it', async () => {
      const { provider, traces } = world.subject;
      if (traces === undefined) return;
      const { machineId } = (await create()).mark;
      const tracesNow = async () => (await traces.tracesOf([machineId, UNKNOWN])).get(machineId) ?? [];
      const whole = await tracesNow();

      await expect(provider.destroy(machineId, refusingAt(2))).rejects.toMatchObject({ code: 'LEASE_LOST' });
      const half = await tracesNow();
      await provider.destroy(machineId, free);

      expect([...whole, ...half].every(({ where, how }) => where !== '' && how !== '')).toBe(true);
      expect(Math.min(whole.length, half.length)).toBeGreaterThan(0);
      expect([...(await traces.tracesOf([machineId, UNKNOWN])).values()]).toEqual([[], []]);
    });

    it('names a size for each of the four words', () => {
      const { sizes } = world.subject.provider.describe();

      expect(Object.keys(sizes)).toEqual(['SMALL', 'MEDIUM', 'LARGE', 'EXTRA_LARGE']);
    });

    it('keeps templates just where it clones them', () => {
      const { provider, templates } = world.subject;

      expect(templates !== undefined).toBe(provider.describe().cloneKinds.length > 0);
    });

    it('has a host, a network and all it needs', async () => {
      const inventory = await world.subject.provider.inventory();

      expect(inventory.hosts.length).toBeGreaterThan(0);
      expect(inventory.networks[0]?.foreignAddresses).toEqual([]);
      expect(inventory.missing).toEqual([]);
    });

    it('lists a created machine as on, with its mark', async () => {
      const made = await create();

      const listed = await world.subject.provider.list();

      expect(listed).toEqual([made]);
      expect(made.mark).toEqual(creation().mark);
      expect(made.state).toBe('on');
      expect(made.addresses).toEqual([world.creation.address]);
    });

    it('makes no second machine when asked again', async () => {
      const first = await create();

      const second = await create({ epoch: 2 });

      expect(second).toEqual(first);
      expect(await states()).toEqual(['A1 on']);
    });

    it('makes one machine when asked twice at once', async () => {
      await Promise.allSettled([create(), create()]);

      await create();

      expect(await states()).toEqual(['A1 on']);
    });

    it('refuses a template that is not there, if it clones', async () => {
      const clones = world.subject.provider.describe().cloneKinds.length > 0;

      const asked = await codeOf(create({ template: 'f'.repeat(64) as Digest }));

      expect(asked).toBe(clones ? 'PROVIDER_FAILED' : 'none');
    });

    it('lists by node name, then generation, and by cluster', async () => {
      const { address } = world.other;
      await create({ id: 'B1', node: 'shop-b-0', cluster: 'C2', address });
      await create({ id: 'A2', node: 'shop-a-0', generation: 2 });
      // A second machine of a node takes its address, once the first is off; a host is whole or not at all.
      if (canPower()) {
        await world.subject.provider.power(creation({ id: 'A2' }).mark.machineId, 'kill', free);
        await create({ id: 'A1', node: 'shop-a-0', generation: 1 });
      }

      const ofC2 = await world.subject.provider.list('C2' as ClusterId);

      expect(await states()).toEqual(canPower() ? ['A1 on', 'A2 off', 'B1 on'] : ['A2 on', 'B1 on']);
      expect(ofC2.map(({ mark }) => mark.nodeName)).toEqual(['shop-b-0']);
    });

    it('powers a machine off, on and off the hard way, or says that it cannot', async () => {
      const { mark } = await create();
      const seen: string[] = [];

      for (const to of ['off', 'off', 'on', 'on', 'kill', 'kill'] as const) {
        const code = await codeOf(world.subject.provider.power(mark.machineId, to, free));
        seen.push(...(await states()), ...(code === 'none' ? [] : [code]));
      }

      expect(seen).toEqual(
        canPower()
          ? ['A1 off', 'A1 off', 'A1 on', 'A1 on', 'A1 off', 'A1 off']
          : Array.from({ length: 6 }, () => ['A1 on', 'PROVIDER_FAILED']).flat(),
      );
    });

    it('refuses to power an unknown machine', async () => {
      const asked = world.subject.provider.power(UNKNOWN, 'off', free);

      await expect(asked).rejects.toMatchObject({ code: 'PROVIDER_FAILED' });
    });

    it('destroys a machine once and for all', async () => {
      const { mark } = await create();

      await world.subject.provider.destroy(mark.machineId, free);
      await world.subject.provider.destroy(mark.machineId, free);

      expect(await states()).toEqual([]);
    });

    it('finds nothing to do in destroying an unknown machine', async () => {
      await world.subject.provider.destroy(UNKNOWN, free);

      expect(await states()).toEqual([]);
    });

    it('changes nothing when the guard refuses at once', async () => {
      const refused = world.subject.provider.create(creation(), refusingAt(1));

      await expect(refused).rejects.toMatchObject({ code: 'LEASE_LOST' });
      expect(await states()).toEqual([]);
    });

    it('stops wherever the guard refuses and completes when asked again', async () => {
      const refusals = await refuseEverywhere((guard) => world.subject.provider.create(creation(), guard));

      await create();

      expect(refusals).toBeGreaterThan(1);
      expect(await states()).toEqual(['A1 on']);
    });

    it('keeps a machine that is being destroyed in the list until it is gone', async () => {
      const { mark } = await create();

      const refusals = await refuseEverywhere(async (guard) => {
        expect(await states()).toHaveLength(1);
        await world.subject.provider.destroy(mark.machineId, guard);
      });

      expect(refusals).toBeGreaterThan(1);
      expect(await states()).toEqual([]);
    });

    it('completes a partial machine with the key that is asked for last', async () => {
      const last = { hostKey: world.other.hostKey };
      await expect(world.subject.provider.create(creation(), refusingAt(2))).rejects.toMatchObject({
        code: 'LEASE_LOST',
      });
      const before = await states();

      await create(last);

      expect(before).toEqual(['A1 partial']);
      expect(await states()).toEqual(['A1 on']);
    });

    it('completes what a killed creation left, killed anywhere', async () => {
      const seen = new Set<string>();

      for (let killAtGuard = 1; killAtGuard <= MOST_GUARD_CALLS; killAtGuard += 1) {
        if ((await run({ verb: 'create', killAtGuard })) === 'done') break;
        (await states()).forEach((state) => seen.add(state));
        await create();
        expect(await states()).toEqual(['A1 on']);
        await world.subject.provider.destroy(creation().mark.machineId, free);
      }

      expect([...seen]).toEqual(['A1 partial']);
    });

    it('destroys what a killed creation left, killed anywhere', async () => {
      for (let killAtGuard = 1; killAtGuard <= MOST_GUARD_CALLS; killAtGuard += 1) {
        if ((await run({ verb: 'create', killAtGuard })) === 'done') break;
        await world.subject.provider.destroy(creation().mark.machineId, free);
        expect(await states()).toEqual([]);
      }
    });

    it('destroys what a killed destruction left, killed anywhere', async () => {
      for (let killAtGuard = 1; killAtGuard <= MOST_GUARD_CALLS; killAtGuard += 1) {
        await create();
        if ((await run({ verb: 'destroy', killAtGuard })) === 'done') break;
        await world.subject.provider.destroy(creation().mark.machineId, free);
        expect(await states()).toEqual([]);
      }
    });

    it('refuses to delete the template of a machine, and deletes it later', async () => {
      const { templates } = world.subject;
      const { mark } = await create();

      const early = await codeOf(Promise.resolve(templates?.deleteTemplate(world.creation.template, free)));
      await world.subject.provider.destroy(mark.machineId, free);
      await templates?.deleteTemplate(world.creation.template, free);

      expect(early).toBe(templates === undefined ? 'none' : 'PROVIDER_FAILED');
      expect((await templates?.listTemplates()) ?? []).toEqual([]);
    });

    it('keeps its network while a machine is left', async () => {
      const { network } = world.subject;
      const before = await network?.ensureNetwork(free);
      await create();

      await network?.removeNetwork(free);

      expect(await network?.ensureNetwork(free)).toEqual(before);
      expect(await states()).toEqual(['A1 on']);
    });

    it('finds its network again under the same name after removing it', async () => {
      const { network } = world.subject;
      const before = await network?.ensureNetwork(free);

      await network?.removeNetwork(free);
      await network?.removeNetwork(free);

      expect(await network?.ensureNetwork(free)).toEqual(before);
    });
  });
}

/** The code of the error that the promise rejects with, or `none`. */
async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof BdeError) return error.code;
    throw error;
  }
  return 'none';
}

/** A guard that refuses in its nth call. */
function refusingAt(call: number): Guard {
  let calls = 0;
  return () => {
    calls += 1;
    if (calls === call) return Promise.reject(new BdeError('LEASE_LOST', `refused in call ${call}`));
    return Promise.resolve();
  };
}

/** Tries with a guard that refuses in its first, second, … call until one try comes through; returns the refusals. */
async function refuseEverywhere(attempt: (guard: Guard) => Promise<unknown>): Promise<number> {
  for (let call = 1; call <= MOST_GUARD_CALLS; call += 1) {
    const error = await attempt(refusingAt(call)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) return call - 1;
    expect(error).toMatchObject({ code: 'LEASE_LOST' });
  }
  throw new Error(`the guard was called more than ${MOST_GUARD_CALLS} times`);
}

interface ChildProgram {
  /** `done`, or the signal that ended the child. */
  run(order: ChildOrder): Promise<string>;
  remove(): Promise<void>;
}

async function buildChild(): Promise<ChildProgram> {
  const { program, remove } = await buildProviderChild();
  return { run: (order) => runChild(program, order), remove };
}

async function runChild(program: string, order: ChildOrder): Promise<string> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (exitCode === 0) return 'done';
  expect(signal).toBe('SIGKILL');
  return 'SIGKILL';
}
