/**
 * A template of the workload in no engine's own language: a list of lines. A line is a list of parts, each a text or
 * `{ value: NAME }`, or it is `{ each: PARTS }`: once for each member, whose fields are `{ member: FIELD }`.
 *
 * @typedef {string | { readonly value: string } | { readonly member: string }} Part
 * @typedef {readonly Part[] | { readonly each: readonly Part[] }} Line
 */

/**
 * The template for bde.
 *
 * @param {readonly Line[]} lines
 * @param {Readonly<Record<string, string>>} values how Handlebars names each value
 */
export function toHandlebars(lines, values) {
  const write = writerOf({
    value: (name) => `{{${values[name]}}}`,
    member: (field) => (field === 'index' ? '{{add member.index 1}}' : `{{member.${field}}}`),
    each: (line) => `{{#each nodes as |member|}}${line}{{/each}}`,
  });
  return lines.map(write).join('');
}

/**
 * The template for Ansible and pyinfra; the same whether or not `trim_blocks` is on.
 *
 * @param {readonly Line[]} lines
 */
export function toJinja(lines) {
  const write = writerOf({
    value: (name) => `{{ ${name} }}`,
    member: (field) => `{{ member.${field} }}`,
    each: (line) => `{% for member in members %}${line}{% endfor %}`,
  });
  return lines.map(write).join('');
}

/**
 * What every tool has to write on the node that `values` is of.
 *
 * @param {readonly Line[]} lines
 */
export function renderTemplate(lines, values) {
  const plain = writerOf({ value: (name) => String(values[name]) });
  return lines.map((line) => ('each' in line ? renderMembers(line.each, values) : plain(line))).join('');
}

function renderMembers(parts, { members }) {
  return members.map((member) => writerOf({ member: (field) => String(member[field]) })(parts)).join('');
}

function writerOf({ value, member, each }) {
  const writePart = (part) => {
    if (typeof part === 'string') return part;
    return 'value' in part ? value(part.value) : member(part.member);
  };
  return (line) => {
    if ('each' in line) return each(`${line.each.map(writePart).join('')}\n`);
    return `${line.map(writePart).join('')}\n`;
  };
}
