import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TemplateShell } from '../../src/engine/ports/provider.js';
import { readRpm } from '../../src/repo/packages/read-rpm.js';

/** Answers the mirror's solver without a template: every package of every repo is wanted, and nothing is ever in the way. */
export function createTrustingTemplateShell(): TemplateShell {
  return {
    async runInTemplate(_template, argv) {
      const places = argv.slice(argv.indexOf('--') + 1);
      const lines: string[] = [];
      for (let index = 0; index < places.length; index += 2) {
        const folder = join(places[index + 1] ?? '', 'Packages');
        for (const file of await readdir(folder)) {
          lines.push(`${(await readRpm(join(folder, file))).nevra} ${places[index] ?? ''}\n`);
        }
      }
      return { exitCode: 0, stdout: lines.join(''), stderr: '' };
    },
  };
}
