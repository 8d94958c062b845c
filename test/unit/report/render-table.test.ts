import { describe, expect, it } from 'vitest';
import { renderTable } from '../../../src/report/render-table.js';

const COLUMNS = [{ title: 'node' }, { title: 'memory', align: 'right' }, { title: 'state' }] as const;

describe('renderTable', () => {
  it('aligns columns under capital titles without trailing blanks', () => {
    const lines = renderTable({
      columns: COLUMNS,
      rows: [
        ['mesos-basic-zk-1', 1024, 'RUNNING'],
        ['zk', 64, 'UP'],
      ],
    });

    expect(lines).toEqual([
      'NODE              MEMORY  STATE',
      'mesos-basic-zk-1    1024  RUNNING',
      'zk                    64  UP',
    ]);
  });

  it('is the titles alone when there are no rows', () => {
    expect(renderTable({ columns: COLUMNS, rows: [] })).toEqual(['NODE  MEMORY  STATE']);
  });

  it('shows a dash where a value is missing or empty', () => {
    const lines = renderTable({ columns: COLUMNS, rows: [['a', null, ''], ['b']] });

    expect(lines.slice(1)).toEqual(['a          -  -', 'b          -  -']);
  });

  it('keeps a hostile cell on its line', () => {
    const lines = renderTable({ columns: [{ title: 'name' }], rows: [['a\n\u001b[2Jb']] });

    expect(lines).toEqual(['NAME', 'a b']);
  });

  it('pads by the width that it is told', () => {
    const widthOf = (text: string): number => (text === '日本' ? 4 : text.length);

    const lines = renderTable(
      {
        columns: [{ title: 'a' }, { title: 'b' }],
        rows: [
          ['日本', 'x'],
          ['abcde', 'y'],
        ],
      },
      widthOf,
    );

    expect(lines).toEqual(['A      B', '日本   x', 'abcde  y']);
  });
});
