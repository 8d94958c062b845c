import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Digest, MachineId } from '../../../../src/errors/ids.js';
import { consoleText } from '../../../../src/providers/local/console-text.js';
import { makeDisks } from '../../../../src/providers/local/disks.js';
import { localHome, machineFolder, type LocalHome } from '../../../../src/providers/local/local-home.js';
import {
  isSameMachine,
  machineRecord,
  readMachineRecord,
  readMachineRecords,
  writeMachineRecord,
} from '../../../../src/providers/local/machine-record.js';
import { aCreation } from '../../../contract/provider-requests.js';

const INPUT = {
  template: 'd'.repeat(64) as Digest,
  address: '10.77.3.10',
  prefixLength: 24,
  hostKey: { privateOpenSsh: 'PRIVATE', publicOpenSsh: 'ssh-ed25519 AAAA' },
  swapMiB: 64,
  dataDisksGiB: [1, 2],
};
const RECORD = machineRecord(aCreation(INPUT));
const ID = RECORD.mark.machineId;

let folder: string;
let home: LocalHome;
let commands: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-record-'));
  commands = [];
  home = localHome({
    homeKey: '00000001',
    dataRoot: folder,
    cacheRoot: folder,
    graceMs: 0,
    run: (argv) => {
      commands.push(argv.join(' '));
      return Promise.resolve({ exitCode: 0, stdout: '', stderr: '' });
    },
  });
});
afterEach(() => rm(folder, { recursive: true }));

describe('machine record', () => {
  it('holds no secret', () => {
    expect(JSON.stringify(RECORD)).not.toContain('PRIVATE');
  });

  it('reads back what was written', async () => {
    await writeMachineRecord(home, RECORD);

    expect(await readMachineRecord(home, ID)).toEqual(RECORD);
  });

  it('is written over what a killed call left', async () => {
    await mkdir(join(home.machinesDir, `.${ID}`, 'u'), { recursive: true });

    await writeMachineRecord(home, RECORD);

    expect(await readdir(home.machinesDir)).toEqual([ID]);
  });

  it("gives the machine's root a mode that everybody can read", async () => {
    const umask = process.umask(0o077);

    await writeMachineRecord(home, RECORD).finally(() => process.umask(umask));

    expect((await stat(machineFolder(home, ID).upper)).mode & 0o777).toBe(0o755);
    expect((await stat(machineFolder(home, ID).path)).mode & 0o777).toBe(0o700);
  });

  it.each(['', '{"formatVersion": 2}', 'null', '{"formatVersion":1,"mark":{"machineId":"other"}}'])(
    'takes %j for no record',
    async (text) => {
      await mkdir(join(home.machinesDir, ID), { recursive: true });
      await writeFile(machineFolder(home, ID).record, text);

      expect(await readMachineRecords(home)).toEqual([]);
    },
  );

  it('finds none in a home that has no machine yet', async () => {
    expect(await readMachineRecords(home)).toEqual([]);
    expect(await readMachineRecord(home, 'M1' as MachineId)).toBeUndefined();
  });
});

describe('isSameMachine', () => {
  it('does not mind the epoch', () => {
    expect(isSameMachine(RECORD, machineRecord(aCreation({ ...INPUT, epoch: 7 })))).toBe(true);
  });

  it.each([
    ['host key', { hostKey: { privateOpenSsh: 'x', publicOpenSsh: 'ssh-ed25519 BBBB' } }],
    ['address', { address: '10.77.3.11' }],
    ['disk', { dataDisksGiB: [1] }],
    ['generation', { generation: 2 }],
  ])('minds another %s', (_, change) => {
    expect(isSameMachine(RECORD, machineRecord(aCreation({ ...INPUT, ...change })))).toBe(false);
  });
});

describe('makeDisks', () => {
  const disk = (name: string): string => join(machineFolder(home, ID).disks, name);

  it('makes sparse files of the asked sizes, data disks formatted', async () => {
    await makeDisks(home, RECORD, () => Promise.resolve());

    expect((await stat(disk('swap.img'))).size).toBe(64 * 2 ** 20);
    expect((await stat(disk('data-1.img'))).size).toBe(2 * 2 ** 30);
    expect((await stat(disk('data-1.img'))).blocks).toBe(0);
    expect(commands.map((command) => command.split(' ').at(-1))).toEqual([
      disk('data-0.img.new'),
      disk('data-1.img.new'),
    ]);
  });

  it('keeps disks that are there', async () => {
    await makeDisks(home, RECORD, () => Promise.resolve());
    await writeFile(disk('data-0.img'), 'data');

    await makeDisks(home, RECORD, () => Promise.reject(new Error('nothing is to be changed')));

    expect((await stat(disk('data-0.img'))).size).toBe(4);
  });
});

describe('consoleText', () => {
  it('gives the last lines without colours', async () => {
    await writeMachineRecord(home, RECORD);
    await writeFile(machineFolder(home, ID).log, 'first\r\n[\u001B[0;32m  OK  \u001B[0m] Started sshd\r\nlast\r\n');

    expect(await consoleText(home, ID, 2)).toBe('[  OK  ] Started sshd\nlast');
  });

  it('is empty for a machine that never ran', async () => {
    expect(await consoleText(home, ID, 2)).toBe('');
  });
});
