import { bashCompletion } from './completion/bash-completion.js';
import { commandTree, type CommandManifest } from './completion/command-tree.js';
import { fishCompletion } from './completion/fish-completion.js';
import { zshCompletion } from './completion/zsh-completion.js';

/** The completion script of each shell, by file name. The build calls this once the manifest is there. */
export function completionScripts(
  manifest: CommandManifest,
  topics: Readonly<Record<string, { readonly description: string }>>,
): Readonly<Record<string, string>> {
  const summaries = Object.entries(topics).map(([name, { description }]) => [name, description] as const);
  const tree = commandTree(manifest, Object.fromEntries(summaries));
  return { 'bde.bash': bashCompletion(tree), 'bde.zsh': zshCompletion(tree), 'bde.fish': fishCompletion(tree) };
}
