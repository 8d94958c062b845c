import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../run-process.mjs';
import { mergeCells } from './cells.mjs';
import { formatPage } from './format-page.mjs';
import { PEER_VERSIONS } from './peers.mjs';
import { plotPhases } from './plot-phases.mjs';

/** One set of files a day: numbers, page, plot. What is measured again beside the same tools replaces what was there. */
export function writeResults(cells, machine) {
  const folder = join(ROOT, 'bench', 'results');
  const name = `${new Date().toISOString().slice(0, 10)}-peers`;
  const file = join(folder, name);
  mkdirSync(folder, { recursive: true });
  const earlier = existsSync(`${file}.json`) ? JSON.parse(readFileSync(`${file}.json`, 'utf8')).cells : [];
  const all = { formatVersion: 1, machine, peers: PEER_VERSIONS, cells: mergeCells(earlier, cells) };
  writeFileSync(`${file}.json`, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(`${file}.md`, formatPage(all, name));
  writeFileSync(`${file}.svg`, plotPhases(all.cells));
}
