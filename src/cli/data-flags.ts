import { Flags } from '@oclif/core';
import type { DataRequest } from './services/find-data-folders.js';

/** Where else cookbooks are looked for. */
export const cookbooksFlag = Flags.string({
  description: 'Folder with cookbooks beside the shipped ones; several by repeating it, or with colons.',
  helpValue: 'DIR',
  env: 'BDE_COOKBOOKS',
  multiple: true,
  multipleNonGreedy: true,
});

/** Where else distros are looked for. */
export const distrosFlag = Flags.string({
  description: 'Folder with a manifest.json beside the shipped one; several by repeating it, or with colons.',
  helpValue: 'DIR',
  env: 'BDE_DISTROS',
  multiple: true,
  multipleNonGreedy: true,
});

/** Where else package repos are looked for. */
export const reposFlag = Flags.string({
  description: 'Folder with package repos beside the shipped ones; several by repeating it, or with colons.',
  helpValue: 'DIR',
  env: 'BDE_REPOS',
  multiple: true,
  multipleNonGreedy: true,
});

/** The site file, which may name such folders too. */
export const siteFlag = Flags.string({
  description: 'Site file; without it /etc/bde/bde.yaml or ~/.config/bde/bde.yaml.',
  helpValue: 'FILE',
  env: 'BDE_SITE',
});

/** For commands that read cookbooks, distros and package repos. */
export const dataFlags = { cookbooks: cookbooksFlag, distros: distrosFlag, repos: reposFlag, site: siteFlag };

/** For commands that build packages: rehearsals are parts of cookbooks. */
export const repoDataFlags = { repos: reposFlag, cookbooks: cookbooksFlag, site: siteFlag };

/** What such a command line says about data of one's own. */
export function dataRequestOf(flags: {
  readonly cookbooks?: readonly string[] | undefined;
  readonly distros?: readonly string[] | undefined;
  readonly repos?: readonly string[] | undefined;
  readonly site?: string | undefined;
}): DataRequest {
  return {
    cookbooks: foldersIn(flags.cookbooks),
    distros: foldersIn(flags.distros),
    repos: foldersIn(flags.repos),
    site: flags.site,
  };
}

/** oclif gives what it found in the environment as one text, whatever the type says. */
function foldersIn(given: readonly string[] | undefined): readonly string[] {
  return [given ?? []].flat().flatMap((each) => each.split(':').filter((folder) => folder !== ''));
}
