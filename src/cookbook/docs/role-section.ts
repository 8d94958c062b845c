import type { RoleDefinition } from '../cookbook.js';
import type { ReadyScope, Role } from '../types.js';
import { inlineCode, markdownTable } from './markdown-table.js';

/** What an operator has to know of a role, as lines of Markdown below a heading of the third depth. */
export function roleSection({ role, attributes, commands }: RoleDefinition): readonly string[] {
  return [
    `### ${role.name}`,
    '',
    `${role.summary.replace(/\.$/, '')}.`,
    '',
    ...factLines(role),
    ...commandLines(readyTitle(role), commands.ready?.text ?? null),
    ...commandLines('Acceptance test, on one node once every role is ready:', commands.acceptance?.text ?? null),
    ...tableLines('Ports:', ['port', 'name', 'protocol', 'scheme'], portRows(role)),
    ...tableLines('Facts that its nodes export:', ['fact', 'type', 'secret'], factRows(role)),
    ...commandLines('Attributes that it sets:', isEmpty(attributes) ? null : JSON.stringify(attributes, null, 2)),
  ];
}

function factLines(role: Role): readonly string[] {
  const { min, max, quorum } = role.cardinality;
  const count = max === null ? `at least ${min}` : min === max ? `exactly ${min}` : `${min} to ${max}`;
  const facts = [
    `Nodes: ${count}${quorum ? '; a majority has to live, so an odd number is best' : ''}`,
    ...(role.requires.length === 0 ? [] : [`Requires, ready before it: ${namesText(role.requires)}`]),
    ...(role.reads.length === 0 ? [] : [`Reads nodes and facts of: ${namesText(role.reads)}`]),
    `Runs: ${namesText(role.runList)}`,
    ...(role.minimumMemoryMiB === 0 ? [] : [`Memory: at least ${role.minimumMemoryMiB} MiB`]),
  ];
  return [...facts.map((fact) => `- ${fact}`), ''];
}

const SCOPES: Readonly<Record<ReadyScope, string>> = {
  each: 'each node',
  quorum: 'a majority of its nodes',
  any: 'any one node',
};

function readyTitle({ ready }: Role): string {
  if (ready === null) return '';
  return `Ready once this succeeds on ${SCOPES[ready.scope]}, within ${ready.withinSeconds} s:`;
}

function commandLines(title: string, text: string | null): readonly string[] {
  if (text === null) return [];
  return [
    title,
    '',
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`.trimEnd()),
    '',
  ];
}

function tableLines(title: string, titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [] : [title, '', ...markdownTable(titles, rows), ''];
}

function portRows({ ports }: Role): readonly (readonly string[])[] {
  return ports.map(({ port, name, protocol, scheme }) => [
    typeof port === 'number' ? String(port) : inlineCode(port),
    name,
    protocol,
    scheme ?? '',
  ]);
}

function factRows({ facts }: Role): readonly (readonly string[])[] {
  return Object.entries(facts).map(([name, { schema, secret }]) => [
    inlineCode(name),
    (schema as { readonly type?: string }).type ?? '',
    secret ? 'yes' : 'no',
  ]);
}

function namesText(names: readonly string[]): string {
  return names.map(inlineCode).join(', ');
}

function isEmpty(map: object): boolean {
  return Object.keys(map).length === 0;
}
