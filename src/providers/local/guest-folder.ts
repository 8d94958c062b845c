import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GuestData } from '../../engine/ports/provider.js';

/** Files of the guest data folder, in the order of writing; `guest-init.sh` in the template says what each means. */
export function guestFiles(data: GuestData): readonly (readonly [name: string, content: string])[] {
  const lines = (values: readonly string[]) => values.map((value) => `${value.trimEnd()}\n`).join('');
  return [
    ['machine-id', `${data.machineId}\n`],
    ['host-name', `${data.hostName}\n`],
    ['networks', lines(data.networks.map(({ address, prefixLength }) => `${address}/${prefixLength}`))],
    ['host-key', lines([data.hostKey.privateOpenSsh.reveal()])],
    ['host-key.pub', lines([data.hostKey.publicOpenSsh])],
    ['authorized-keys', lines(data.authorizedKeys)],
    ...(data.caCertificates.length > 0 ? [['ca.pem', lines(data.caCertificates)] as const] : []),
    ...Object.entries(data.packageKeys).map(([name, key]) => [`package-keys/${name}`, lines([key])] as const),
    ['entropy-seed', data.entropySeed.reveal()],
    // The machine applies nothing before this is there.
    ['format-version', `${data.formatVersion}\n`],
  ];
}

/**
 * Lays guest data where the machine finds it at its first boot, below the upper folder of its root.
 *
 * The folders on the way are laid over the template's, so they need its modes; the last one holds a private key.
 */
export async function writeGuestFolder(upper: string, data: GuestData): Promise<void> {
  let folder = upper;
  for (const [name, mode] of [
    ['etc', 0o755],
    ['bde', 0o755],
    ['guest', 0o700],
  ] as const) {
    folder = join(folder, name);
    await mkdir(folder, { recursive: true });
    await chmod(folder, mode);
  }
  await mkdir(join(folder, 'package-keys'), { recursive: true });
  for (const [name, content] of guestFiles(data)) await writeFile(join(folder, name), content, { mode: 0o600 });
}
