import { describe, expect, it } from 'vitest';
import { renderTemplate, toHandlebars, toJinja } from '../../../../bench/converge/template.mjs';

const LINES = [
  ['# ', { value: 'node_name' }],
  { each: [{ member: 'index' }, ' ', { member: 'name' }, '=', { member: 'address' }] },
  ['# end'],
];

describe('renderTemplate', () => {
  it('fills in the values of the node and a line for each member', () => {
    const members = [
      { name: 'a', address: '10.0.0.1', index: 1 },
      { name: 'b', address: '10.0.0.2', index: 2 },
    ];

    expect(renderTemplate(LINES, { node_name: 'b', members })).toBe('# b\n1 a=10.0.0.1\n2 b=10.0.0.2\n# end\n');
  });

  it('leaves nothing of a loop over no members', () => {
    expect(renderTemplate(LINES, { node_name: 'a', members: [] })).toBe('# a\n# end\n');
  });
});

describe('toHandlebars', () => {
  it('names values as bde does and counts members from 1', () => {
    expect(toHandlebars(LINES, { node_name: 'node.name' })).toBe(
      '# {{node.name}}\n{{#each nodes as |member|}}{{add member.index 1}} {{member.name}}={{member.address}}\n{{/each}}# end\n',
    );
  });
});

describe('toJinja', () => {
  it('ends no line behind a block, so that trim_blocks makes no difference', () => {
    const template = toJinja(LINES);

    expect(template).toBe(
      '# {{ node_name }}\n{% for member in members %}{{ member.index }} {{ member.name }}={{ member.address }}\n{% endfor %}# end\n',
    );
    expect(template).not.toContain('%}\n');
  });
});
