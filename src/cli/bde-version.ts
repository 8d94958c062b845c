import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of the build below a project's root. */
export function bdeVersion(projectRoot: string): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'dist', 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
