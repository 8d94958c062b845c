import type { Content } from './resource-kind.js';

/** A block of lines between two marker lines, as `bde_block_probe` takes it. */
export interface MarkedBlock {
  readonly first: string;
  readonly last: string;
  readonly block: Content;
}

/** The block of this name; `comment` is what makes a line a comment: `#`, or `<!-- -->` where it has to be closed. */
export function markedBlock(name: string, comment: string, lines: readonly string[]): MarkedBlock {
  const [open = '', ...close] = comment.split(' ');
  const marker = (end: string) => [open, 'bde', `${name}:`, end, ...close].join(' ');
  const [first, last] = [marker('begin'), marker('end')];
  return { first, last, block: { content: `${[first, ...lines, last].join('\n')}\n` } };
}
