// Leaves a CPU profile of the process that imports it in the folder BDE_BENCH_PROFILE. (Node takes no --cpu-prof from
// NODE_OPTIONS, where --import is allowed.)
import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

const folder = process.env['BDE_BENCH_PROFILE'];
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.start');

// In one's own thread the answer comes before `post` returns.
process.once('exit', () => {
  session.post('Profiler.stop', (error, answer) => {
    if (error !== null) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${process.pid}.cpuprofile`), JSON.stringify(answer.profile));
  });
});
