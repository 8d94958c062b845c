// Shows what bde spent its CPU time on: node bench/converge/top-costs.mjs FOLDER, with what `--profile` left there
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { selfTimes } from './self-times.mjs';

const SHOWN = 30;

function readProfiles(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  return files.map((name) => selfTimes(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
}

for (const times of readProfiles(process.argv[2])) {
  const total = times.reduce((sum, { ms }) => sum + ms, 0);
  console.log(`${total.toFixed(0)} ms`);
  for (const { name, ms } of times.slice(0, SHOWN)) {
    console.log(`${ms.toFixed(1).padStart(8)} ms ${((ms / total) * 100).toFixed(1).padStart(5)} %  ${name}`);
  }
}
