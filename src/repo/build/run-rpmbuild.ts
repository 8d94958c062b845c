import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageDefinition } from '../definition/repo-definition.js';
import { repoFailed } from '../repo-error.js';
import { runTool } from '../run-tool.js';
import { SOURCE_DATE_EPOCH } from './builder-revision.js';

/** What rpmbuild must not do by itself, and what makes its result the same every time. */
const MACROS: Readonly<Record<string, string>> = {
  // The files are in the build root already: neither cleared before nor touched after.
  __spec_install_pre: '%{___build_pre}',
  __os_install_post: '%{nil}',
  debug_package: '%{nil}',
  _build_id_links: 'none',
  // zstd -3: as small as gzip, several times faster both ways.
  _binary_payload: 'w3.zstdio',
  _buildhost: 'bde',
  use_source_date_epoch_as_buildtime: '1',
  clamp_mtime_to_source_date_epoch: '1',
  source_date_epoch_from_changelog: '0',
};

/** Builds the unsigned RPM of a build root; its path, below `folder`. */
export async function runRpmbuild(
  definition: PackageDefinition,
  spec: string,
  place: { readonly folder: string; readonly root: string },
): Promise<string> {
  const specFile = join(place.folder, `${definition.name}.spec`);
  const output = join(place.folder, 'rpms');
  await mkdir(output, { recursive: true });
  await writeFile(specFile, spec);
  const macros = { ...MACROS, _topdir: place.folder, _rpmdir: output };
  const argv = ['rpmbuild', '-bb', '--quiet', '--target', definition.architecture, '--buildroot', place.root];
  const defines = Object.entries(macros).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  await runTool([...argv, ...defines, specFile], { env: { SOURCE_DATE_EPOCH: String(SOURCE_DATE_EPOCH) } });
  const [file] = await readdir(join(output, definition.architecture));
  if (file === undefined) throw repoFailed(`rpmbuild made no package ${definition.name}.`);
  return join(output, definition.architecture, file);
}
