import type { Cookbook, Recipe, RecipeItem } from '../cookbook.js';
import { attributeRows } from './attribute-rows.js';
import { inlineCode, markdownTable } from './markdown-table.js';
import { roleSection } from './role-section.js';

/** A page of Markdown on a cookbook for those who run it: attributes, roles with their needs and ports, recipes. */
export function cookbookPage(cookbook: Cookbook): string {
  const { name, version, summary, attributes, roles, recipes } = cookbook;
  const lines = [
    `# ${name} ${version}`,
    '',
    `${summary.replace(/\.$/, '')}.`,
    '',
    '## Attributes',
    '',
    ...attributeLines(name, attributeRows(attributes)),
    ...sectionOf('## Roles', Object.values(roles).flatMap(roleSection)),
    ...sectionOf('## Recipes', Object.entries(recipes).flatMap(recipeSection)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function attributeLines(name: string, rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return ['None.', ''];
  const where = `Below ${inlineCode(name)} in the \`configuration\` of a spec, of the cluster or of a node group.`;
  return [where, '', ...markdownTable(['attribute', 'allowed', 'default', 'meaning'], rows), ''];
}

function sectionOf(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, '', ...lines];
}

function recipeSection([name, { resources }]: readonly [string, Recipe]): readonly string[] {
  const rows = resources.map((item) => [...itemCells(item), item.notify.map(({ text }) => text).join('; ')]);
  return [`### ${name}`, '', ...markdownTable(['resource', 'name', 'notifies'], rows), ''];
}

function itemCells(item: RecipeItem): readonly string[] {
  switch (item.type) {
    case 'resource':
      return [item.kind, inlineCode(item.name.text)];
    case 'custom':
      return [item.resource, inlineCode(item.name.text)];
    case 'include':
      return ['include', inlineCode(item.recipe)];
  }
}
