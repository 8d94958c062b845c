import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guard } from '../../engine/ports/guard.js';
import type { Template, TemplateRecipe } from '../../engine/ports/provider.js';
import { BdeError } from '../../errors/bde-error.js';
import { parseAptSources, selectAptOptions } from './apt-sources.js';
import { isThere, readIfThere } from './file-facts.js';
import type { LocalHome } from './local-home.js';
import { lastLines, runOrFail, type CommandOutcome } from './run-command.js';
import { findImage, imageName, readTemplates, shareImage } from './template-files.js';
import { TEMPLATE_PACKAGES, TEMPLATE_SCRIPTS, templateDigest } from './template-recipe.js';

/**
 * The template of that recipe in this home: there already, shared from the host's cache, or built now. Two builders on
 * one host wait for each other, and the second takes what the first made.
 *
 * @throws BdeError `TEMPLATE_FAILED` with the last lines of output and what to do
 */
export async function ensureTemplate(
  home: LocalHome,
  recipe: TemplateRecipe,
  guard: Guard,
  onProgress: (line: string) => void,
): Promise<Template> {
  const digest = templateDigest(recipe);
  if (!(await findImage(home.templatesDir, digest))) {
    const cached = join(home.cacheDir, imageName(recipe.name, digest));
    if (!(await findImage(home.cacheDir, digest))) {
      await guard();
      await buildImage(home, cached, onProgress);
    }
    await guard();
    await shareImage(cached, join(home.templatesDir, imageName(recipe.name, digest)));
  }
  const template = (await readTemplates(home.templatesDir)).find((candidate) => candidate.digest === digest);
  if (!template) throw new BdeError('TEMPLATE_FAILED', `template ${recipe.name} vanished while it was made ready`);
  return template;
}

async function buildImage(home: LocalHome, image: string, onProgress: (line: string) => void): Promise<void> {
  await mkdir(home.cacheDir, { recursive: true });
  const env = {
    BDE_SOURCES: (await readSources()).join('\n'),
    BDE_APT_OPTIONS: selectAptOptions(await runOrFail(home.run, ['apt-config', 'dump'])).join('\n'),
    BDE_CUSTOMIZE: TEMPLATE_SCRIPTS.customizeTemplate,
    BDE_BASE_RPM: TEMPLATE_SCRIPTS.baseRpm,
    BDE_GUEST_INIT: TEMPLATE_SCRIPTS.guestInit,
  };
  const build = ['sh', '-c', TEMPLATE_SCRIPTS.buildTemplate, 'build-template', image, TEMPLATE_PACKAGES.join(',')];
  const outcome = await home.run(
    ['flock', `${image}.lock`, 'unshare', '--mount', '--propagation', 'private', ...build],
    {
      env,
      onErrorLine: onProgress,
    },
  );
  if (outcome.exitCode !== 0) throw buildFailure(outcome);
}

async function readSources(): Promise<readonly string[]> {
  const folder = '/etc/apt/sources.list.d';
  const listed = (await isThere(folder)) ? (await readdir(folder)).sort() : [];
  const paths = [
    '/etc/apt/sources.list',
    ...listed.filter((name) => /\.(list|sources)$/.test(name)).map((name) => join(folder, name)),
  ];
  const files = await Promise.all(paths.map(async (path) => ({ path, content: (await readIfThere(path)) ?? '' })));
  const sources = parseAptSources(files);
  if (sources.length > 0) return sources;
  throw new BdeError('TEMPLATE_FAILED', "the host's apt has no source of Debian 12 (bookworm main)", {
    hint: 'Name one in /etc/apt/sources.list.d.',
  });
}

/** Causes that people meet, by what the tools say, and what to do about each. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, 'Free 1 GiB below the cache folder and run `bde template build` again.'],
  [/mmdebstrap: not found|mksquashfs: not found/, 'Run `apt-get install mmdebstrap squashfs-tools`.'],
  [
    /Could not (resolve|connect)|Connection (failed|refused|timed out)|Temporary failure|Unable to fetch|Failed to fetch/,
    "Make the host's apt reach its Debian mirror (`apt-get update` must succeed), then run `bde template build` again.",
  ],
  [/NO_PUBKEY|not signed|EXPKEYSIG/, 'Run `apt-get install debian-archive-keyring` and `apt-get update`.'],
];

function buildFailure(outcome: CommandOutcome): BdeError {
  const words = lastLines(outcome.stderr, 8);
  const hint = CAUSES.find(([pattern]) => pattern.test(outcome.stderr))?.[1];
  return new BdeError('TEMPLATE_FAILED', `the template build ended with ${outcome.exitCode ?? 'a signal'}:\n${words}`, {
    hint: hint ?? 'Mend what the last lines name, then run `bde template build` again.',
    data: { exitCode: outcome.exitCode, stderr: lastLines(outcome.stderr, 50) },
  });
}
