import { TEMPLATE_RECIPE } from '../../engine/prepare.js';
import type { Template, TemplateStore } from '../../engine/ports/provider.js';
import { BdeError } from '../../errors/bde-error.js';
import type { Digest } from '../../errors/ids.js';
import { quoteText } from '../../spec/document/quote-source.js';
import { openProvider } from '../wire.js';
import { unguarded } from './run-home-operation.js';
import { withHomeOperation } from './with-home-operation.js';

/** `bde template list`; `formatVersion` 1. */
export interface TemplateListing {
  readonly formatVersion: 1;
  /** By name, the newest first. */
  readonly templates: readonly TemplateLine[];
}

/** `bde template build`; `formatVersion` 1. */
export interface BuiltTemplate {
  readonly formatVersion: 1;
  readonly template: TemplateLine;
}

/** `bde template delete`; `formatVersion` 1. */
export interface DeletedTemplates {
  readonly formatVersion: 1;
  readonly deleted: readonly TemplateLine[];
}

/** One template. */
export interface TemplateLine {
  readonly name: string;
  readonly digest: Digest;
  readonly sizeMiB: number;
  readonly createdAt: string;
}

/** Every template of this home. */
export async function listTemplates(): Promise<TemplateListing> {
  const templates = await (await openTemplates()).listTemplates();
  return { formatVersion: 1, templates: templates.map(toLine) };
}

/**
 * Builds the template that clusters are cloned from, or finds it.
 *
 * @throws BdeError `TEMPLATE_FAILED`
 */
export function buildTemplate(onProgress: (line: string) => void): Promise<BuiltTemplate> {
  return withHomeOperation({ kind: 'template-build', request: { template: TEMPLATE_RECIPE.name } }, async () => {
    const { provider } = await openProvider();
    const template = await provider.ensureTemplate(TEMPLATE_RECIPE, unguarded, onProgress);
    return { formatVersion: 1, template: toLine(template) };
  });
}

/**
 * The templates of a name, or the one whose digest begins like this.
 *
 * @throws BdeError `USAGE` where there is none
 */
export async function findTemplates(nameOrDigest: string): Promise<readonly TemplateLine[]> {
  const { templates } = await listTemplates();
  const named = templates.filter(({ name }) => name === nameOrDigest);
  const found = named.length > 0 ? named : templates.filter(({ digest }) => isStartOf(nameOrDigest, digest));
  if (found.length > 0) return found;
  throw new BdeError('USAGE', `There is no template ${quoteText(nameOrDigest)}.`, {
    hint: 'See which there are with bde template list.',
  });
}

/** Shorter starts are more likely a slip than a choice. */
function isStartOf(start: string, digest: Digest): boolean {
  return /^[0-9a-f]{6,64}$/.test(start) && digest.startsWith(start);
}

/**
 * Deletes templates.
 *
 * @throws BdeError `PROVIDER_FAILED` while a machine stands on one
 */
export function deleteTemplates(templates: readonly TemplateLine[]): Promise<DeletedTemplates> {
  const request = { templates: templates.map(({ digest }) => digest) };
  return withHomeOperation({ kind: 'template-delete', request }, async () => {
    const store = await openTemplates();
    for (const { digest } of templates) await store.deleteTemplate(digest, unguarded);
    return { formatVersion: 1, deleted: templates };
  });
}

async function openTemplates(): Promise<TemplateStore> {
  const { provider, templates } = await openProvider();
  if (templates !== undefined) return templates;
  throw new BdeError('USAGE', `The provider ${provider.describe().name} keeps no templates of its own.`, {
    hint: 'See what providers can do with bde provider list.',
  });
}

function toLine({ name, digest, sizeMiB, createdAt }: Template): TemplateLine {
  return { name, digest, sizeMiB, createdAt: new Date(createdAt).toISOString() };
}
