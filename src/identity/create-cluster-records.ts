import type { ClusterRecords } from '../engine/ports/cluster-records.js';
import type { Sealer } from '../engine/ports/sealer.js';
import { encodeContent, withoutNumber } from './cluster-record.js';
import { recordInstallCommand, recordPrintCommand } from './record-commands.js';
import { openRecord, sealRecord } from './seal-record.js';

/** Cluster records of one operator identity. */
export function createClusterRecords(sealer: Sealer): ClusterRecords {
  return {
    seal: (content) => sealRecord(sealer, content),
    fingerprint: (content) => sealer.mac('cluster record', encodeContent(withoutNumber(content))),
    open: (bytes, expected) => openRecord(sealer, bytes, expected),
    installCommand: recordInstallCommand,
    printCommand: recordPrintCommand,
  };
}
