import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** A text, and what base64 makes of it wherever in a longer text it begins. */
export function formsOf(text: string): readonly string[] {
  const encoded = ['', 'x', 'xx'].map((before) => {
    const base64 = Buffer.from(before + text).toString('base64');
    // The first group is shared with what stands before, the last one with what follows.
    return base64.slice(before === '' ? 0 : 4, -4);
  });
  return [text, ...encoded];
}

/** Files below a folder, whatever is in them, that hold one of the texts; sorted. */
export async function filesWith(
  texts: readonly string[],
  folder: string,
  given: { readonly patternFile: string },
): Promise<readonly string[]> {
  await writeFile(given.patternFile, `${texts.join('\n')}\n`, { mode: 0o600 });
  const argv = ['-r', '-l', '-a', '-F', '-s', '-f', given.patternFile, '--', folder];
  try {
    const { stdout } = await exec('grep', argv, { maxBuffer: 2 ** 24 });
    return stdout.trim().split('\n').sort();
  } catch (error) {
    if ((error as { code?: number }).code === 1) return [];
    throw error;
  }
}

/** Command lines of this host's processes, those of machines included, that hold one of the texts. */
export async function commandLinesWith(texts: readonly string[]): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => texts.some((text) => line.includes(text))).map((line) => line.replaceAll('\0', ' '));
}
