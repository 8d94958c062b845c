import type { ValueSchema } from '../value-schema.js';
import { inlineCode } from './markdown-table.js';

/** One row for each attribute and for each field of those that are maps: name, what it may be, default, meaning. */
export function attributeRows(
  attributes: Readonly<Record<string, ValueSchema>>,
  prefix = '',
): readonly (readonly string[])[] {
  return Object.entries(attributes).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    const row = [inlineCode(path), allowedText(schema), defaultText(schema), schema.description ?? ''];
    return [row, ...attributeRows(schema.properties ?? {}, `${path}.`)];
  });
}

/** `integer, 1 to 65535` */
function allowedText(schema: ValueSchema): string {
  return [typeText(schema), ...limits(schema), ...(schema.secret === true ? ['**secret**'] : [])].join(', ');
}

function typeText({ type, items, additionalProperties }: ValueSchema): string {
  if (type === 'array' && items !== undefined) return `list of ${allowedText(items)}`;
  if (type === 'object' && typeof additionalProperties === 'object')
    return `map to ${allowedText(additionalProperties)}`;
  return TYPE_NAMES[type];
}

const TYPE_NAMES: Readonly<Record<ValueSchema['type'], string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  array: 'list',
  object: 'map',
};

function limits(schema: ValueSchema): readonly string[] {
  const { enum: choices, minimum, maximum, minLength, maxLength, pattern } = schema;
  return [
    ...(choices === undefined ? [] : [choices.map((choice) => inlineCode(String(choice))).join(' or ')]),
    ...rangeText(minimum, maximum, ''),
    ...rangeText(minLength, maxLength, ' characters'),
    ...(pattern === undefined ? [] : [`matches ${inlineCode(pattern)}`]),
  ];
}

function rangeText(least: number | undefined, most: number | undefined, unit: string): readonly string[] {
  if (least !== undefined && most !== undefined) return [`${least} to ${most}${unit}`];
  if (least !== undefined) return [`at least ${least}${unit}`];
  return most === undefined ? [] : [`at most ${most}${unit}`];
}

function defaultText({ default: value, generate }: ValueSchema): string {
  if (generate !== undefined) return 'made by bde';
  return value === undefined ? 'none' : inlineCode(JSON.stringify(value));
}
