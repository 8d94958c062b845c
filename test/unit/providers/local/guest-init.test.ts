import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CreateMachine } from '../../../../src/engine/ports/provider.js';
import type { Digest } from '../../../../src/errors/ids.js';
import { guestFiles, writeGuestFolder } from '../../../../src/providers/local/guest-folder.js';
import guestInit from '../../../../src/providers/local/guest-init.sh';
import { aCreation } from '../../../contract/provider-requests.js';

type GuestData = CreateMachine['guestData'];

const SHELLS: readonly (readonly [string, readonly string[]])[] = [
  ['dash', ['dash']],
  ['busybox ash', ['busybox', 'ash']],
  ['bash', ['bash', '--posix']],
];

const DATA: GuestData = {
  ...aCreation({
    template: 'd'.repeat(64) as Digest,
    address: '10.77.3.10',
    prefixLength: 24,
    hostKey: { privateOpenSsh: 'PRIVATE KEY', publicOpenSsh: 'ssh-ed25519 AAAA host' },
  }).guestData,
  authorizedKeys: ['ssh-ed25519 BBBB one', 'restrict,command="cat" ssh-ed25519 CCCC two'],
  caCertificates: ['CERTIFICATE ONE', 'CERTIFICATE TWO\n'],
  packageKeys: { 'RPM-GPG-KEY-bde': 'KEY ONE', 'RPM-GPG-KEY-bde-rehearsal': 'KEY TWO' },
};

describe('guestFiles', () => {
  it('writes the file that the machine waits for last', () => {
    const names = guestFiles(DATA).map(([name]) => name);

    expect(names).toEqual([
      'machine-id',
      'host-name',
      'networks',
      'host-key',
      'host-key.pub',
      'authorized-keys',
      'ca.pem',
      'package-keys/RPM-GPG-KEY-bde',
      'package-keys/RPM-GPG-KEY-bde-rehearsal',
      'entropy-seed',
      'format-version',
    ]);
  });

  it('leaves out trust that there is none of', () => {
    const names = guestFiles({ ...DATA, caCertificates: [], packageKeys: {} }).map(([name]) => name);

    expect(names).not.toContain('ca.pem');
    expect(names.filter((name) => name.startsWith('package-keys'))).toEqual([]);
  });
});

describe.each(SHELLS)('guest-init.sh in %s', (_, shell) => {
  let root: string;
  let folder: string;
  let script: string;
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'bde-guest-'));
    folder = join(root, 'etc/bde/guest');
    script = join(root, 'guest-init.sh');
    writeFileSync(script, guestInit);
    put('etc/ssl/certs/ca-certificates.crt', 'DEBIAN CERTIFICATE\n');
    for (const link of ['lo', 'host0']) mkdirSync(join(root, 'sys/class/net', link), { recursive: true });
    await writeGuestFolder(root, DATA);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const put = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const get = (path: string): string => readFileSync(join(root, path), 'utf8');
  const mode = (path: string): string => (statSync(join(root, path)).mode & 0o777).toString(8);
  const run = (): string =>
    execFileSync(shell[0] ?? 'sh', [...shell.slice(1), script, folder, root], { encoding: 'utf8' });

  it('gives the machine its names and its address', () => {
    run();

    expect(get('etc/hostname')).toBe('shop-worker-0\n');
    expect(get('etc/hosts')).toBe('127.0.0.1 localhost\n::1 localhost\n10.77.3.10 shop-worker-0\n');
    expect(get('etc/bde/network.batch')).toBe('address replace 10.77.3.10/24 dev host0\nlink set host0 up\n');
    expect(get('etc/machine-id')).toBe('0c4779746e8772d7d853d2a4b6434b1b\n');
  });

  it('gives the machine its keys with their modes', () => {
    run();

    expect(get('etc/ssh/ssh_host_ed25519_key')).toBe('PRIVATE KEY\n');
    expect(mode('etc/ssh/ssh_host_ed25519_key')).toBe('600');
    expect(get('root/.ssh/authorized_keys')).toBe(
      'ssh-ed25519 BBBB one\nrestrict,command="cat" ssh-ed25519 CCCC two\n',
    );
    expect(mode('root/.ssh/authorized_keys')).toBe('600');
  });

  it('makes the machine trust the certificates and package keys', () => {
    run();

    expect(get('etc/bde/ca.pem')).toBe('CERTIFICATE ONE\nCERTIFICATE TWO\n');
    expect(get('etc/ssl/certs/ca-certificates.crt')).toBe('DEBIAN CERTIFICATE\nCERTIFICATE ONE\nCERTIFICATE TWO\n');
    expect(get('etc/pki/rpm-gpg/RPM-GPG-KEY-bde')).toBe('KEY ONE\n');
    expect(get('etc/pki/rpm-gpg/RPM-GPG-KEY-bde-rehearsal')).toBe('KEY TWO\n');
  });

  it('leaves nothing of the channel behind', () => {
    run();

    expect(existsSync(folder)).toBe(false);
  });

  it('changes nothing more when it is told the same again', async () => {
    run();
    const before = get('etc/ssl/certs/ca-certificates.crt');
    await writeGuestFolder(root, DATA);

    run();

    expect(get('etc/ssl/certs/ca-certificates.crt')).toBe(before);
    expect(get('etc/hosts')).toBe('127.0.0.1 localhost\n::1 localhost\n10.77.3.10 shop-worker-0\n');
  });

  it('goes on with what is left after it died in the middle of its end', () => {
    run();
    put('etc/bde/guest/format-version', '1\n');
    put('etc/bde/guest/host-name', 'other\n');

    run();

    expect(get('etc/hostname')).toBe('other\n');
    expect(get('etc/ssh/ssh_host_ed25519_key')).toBe('PRIVATE KEY\n');
    expect(existsSync(folder)).toBe(false);
  });
});
