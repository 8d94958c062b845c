import { rename, writeFile } from 'node:fs/promises';

/** Writes a file that only its owner reads; a reader never sees half of it. */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  const draft = `${path}.${String(process.pid)}.tmp`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}
