import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../../../src', import.meta.url));

/**
 * What this run chooses its sequences and its fault points by: `BDE_MODEL_SEED`, or what the source comes to. So each change is
 * looked at by other sequences, and the same tree ends the same way however often it is tested.
 */
export const MODEL_SEED = Number(process.env['BDE_MODEL_SEED'] ?? seedOf(SOURCE));

function seedOf(folder: string): number {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('generated'),
  );
  for (const name of files.toSorted()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest().readUInt32BE(0) >>> 1;
}

/** How to play a test of this folder again. */
export function playAgain(file: string, more: Readonly<Record<string, string>> = {}): string {
  const settings = Object.entries({ BDE_MODEL_SEED: String(MODEL_SEED), ...more });
  const words = settings.map(([name, value]) => `${name}=${value}`).join(' ');
  return `Play it again: ${words} npx vitest run --project integration test/integration/engine/model/${file}`;
}
