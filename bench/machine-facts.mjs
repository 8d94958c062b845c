import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './run-process.mjs';

/** What the numbers were measured on, and when. */
export function machineFacts() {
  const processors = cpus();
  return {
    measuredAt: new Date().toISOString(),
    processor: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}`,
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    kernel: release(),
    node: process.versions.node,
    bde: JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version,
    loadAtEnd: loadavg().map((load) => Math.round(load * 100) / 100),
  };
}
