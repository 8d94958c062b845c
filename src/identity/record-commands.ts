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

/** The command that prints the record, run as root. */
export function recordPrintCommand(): readonly string[] {
  return ['cat', `${RECORD_FOLDER}/current`];
}

/**
 * What the recovery key runs, whatever is asked for. On a machine that was there before it may log in as a user who is not
 * root: that one may show this one file where a rule of sudo lets it become root without a password.
 */
function forcedCommand(): string {
  const print = recordPrintCommand().join(' ');
  return `sh -c '${print} 2>/dev/null || exec sudo -n ${print}'`;
}

/**
 * The `authorized_keys` line of the recovery key. `restrict` forbids terminal, forwarding and all that later sshds may
 * add; the forced command runs whatever was asked for. https://man.openbsd.org/sshd#restrict
 */
export function recoveryAuthorizedKey(publicOpenSsh: string): string {
  return `restrict,command="${forcedCommand()}" ${publicOpenSsh}`;
}
