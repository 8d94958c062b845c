'use strict';
// Preloaded into bde by NODE_OPTIONS: at its end each process of Node says what it used, in a file named after its pid.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const process = require('node:process');

const folder = process.env.BDE_BENCH_USAGE;
if (folder !== undefined) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const usage = { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMiB: maxRSS / 1024 };
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(usage));
  });
}
