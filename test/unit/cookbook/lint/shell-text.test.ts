import { describe, expect, it } from 'vitest';
import { shellText } from '../../../../src/cookbook/lint/shell-text.js';

const text = (template: string, branch: 'then' | 'else' = 'then', partials = {}) =>
  shellText(template, partials, branch).text;

describe('shellText', () => {
  it('puts a word in the place of each value', () => {
    expect(text('a {{x}} {{quote y}} "{{join z ","}}" \\{{kept}}')).toBe(`a x1 'x1' "x1" {{kept}}`);
  });

  it('goes one way at every condition, and once through each list', () => {
    const template = '{{#if a}}one{{else}}two{{/if}}{{#unless b}} three{{/unless}}{{#each c}} four{{/each}}';

    expect(text(template, 'then')).toBe('one three four');
    expect(text(template, 'else')).toBe('two four');
  });

  it('puts partials where they are named, and ends where they name themselves', () => {
    expect(text('cd {{> home}}/data', 'then', { home: '/var/{{node.name}}' })).toBe('cd /var/x1/data');
    expect(text('{{> a}}', 'then', { a: 'x{{> a}}' })).toBe('xxxxxxxxxx');
  });

  it('says of each line which line of the template it comes from', () => {
    const template = ['first', '{{#if a}}', 'second {{b}}', '{{else}}', 'other', '{{/if}}', 'last'].join('\n');

    expect(shellText(template, {}, 'then')).toEqual({ text: 'first\nsecond x1\nlast', lines: [1, 3, 7] });
    expect(shellText(template, {}, 'else')).toEqual({ text: 'first\nother\nlast', lines: [1, 5, 7] });
  });

  it('leaves a text without values as it is', () => {
    expect(shellText('a\n\nb\n', {}, 'then')).toEqual({ text: 'a\n\nb\n', lines: [1, 2, 3] });
  });

  it('has nothing of a template that is malformed', () => {
    expect(text('{{#if a}}')).toBe('');
  });
});
