import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NODE_TOOLS } from '../../../src/ssh/node-tools.js';

describe('NODE_TOOLS', () => {
  it('is the table of docs/runs.md', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/runs.md'), 'utf8');
    const table = text.slice(text.indexOf('## Tools that nodes need'));
    const documented = [...table.matchAll(/^\| `([^`]+)`/gm)].flatMap(([, tools = '']) => tools.split(' '));

    expect([...NODE_TOOLS].sort()).toEqual(documented.sort());
  });
});
