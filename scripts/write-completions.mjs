import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a completion script per shell beside the manifest it is made from: static, so that a Tab starts no Node. */
export async function writeCompletions(outdir, topics) {
  const { completionScripts } = await import(join(outdir, 'completion-scripts.js'));
  const manifest = JSON.parse(readFileSync(join(outdir, 'oclif.manifest.json'), 'utf8'));
  mkdirSync(join(outdir, 'completions'));
  for (const [name, script] of Object.entries(completionScripts(manifest, topics))) {
    writeFileSync(join(outdir, 'completions', name), script);
  }
}
