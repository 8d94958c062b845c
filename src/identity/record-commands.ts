import type { RecordNumber } from '../engine/ports/cluster-records.js';
import installScript from './install-record.sh';

/** Where a node keeps the cluster record (0600, root). */
const RECORD_FOLDER = '/var/lib/bde/record';

/**
 * The command that installs the record on its stdin, to be run on a node as root. It prints `installed`, or `kept EPOCH
 * COUNT` with exit code 3 where a higher number is there.
 */
export function recordInstallCommand({ epoch, count }: RecordNumber): readonly string[] {
  return ['sh', '-c', installScript, 'bde-install-record', String(epoch), String(count), RECORD_FOLDER];
}

/** The command that prints the record; all that the recovery key may run. */
export function recordPrintCommand(): readonly string[] {
  return ['cat', `${RECORD_FOLDER}/current`];
}

/**
 * The `authorized_keys` line of the recovery key. `restrict` forbids terminal, forwarding and all that later sshds may
 * add; the forced command runs whatever was asked for. https://man.openbsd.org/sshd#restrict
 */
export function recoveryAuthorizedKey(publicOpenSsh: string): string {
  return `restrict,command="${recordPrintCommand().join(' ')}" ${publicOpenSsh}`;
}
