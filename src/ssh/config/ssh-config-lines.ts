import SSHConfig, { LineType, type Line } from 'ssh-config';

/** One line of an ssh configuration, with what belongs to it. */
export type ConfigLine =
  | { readonly type: 'setting'; readonly name: string; readonly values: readonly string[] }
  | { readonly type: 'host'; readonly patterns: readonly string[]; readonly lines: readonly ConfigLine[] }
  | { readonly type: 'match'; readonly criteria: readonly Criterion[]; readonly lines: readonly ConfigLine[] }
  | { readonly type: 'include'; readonly paths: readonly string[] }
  /** An include, read. */
  | { readonly type: 'included'; readonly file: ConfigFile };

/** One condition of a `Match` line: `host a,b` or `!user olga`; `all` has no pattern. */
export interface Criterion {
  readonly name: string;
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

/** A configuration file. */
export interface ConfigFile {
  readonly path: string;
  readonly lines: readonly ConfigLine[];
}

/**
 * The lines of an ssh configuration, names in lower case; comments are left out.
 * The grammar is that of ssh_config(5), https://man.openbsd.org/ssh_config.
 */
export function parseSshConfig(text: string): readonly ConfigLine[] {
  return toLines(SSHConfig.parse(text));
}

function toLines(lines: readonly Line[]): readonly ConfigLine[] {
  return lines.flatMap((line) => (line.type === LineType.DIRECTIVE ? [toLine(line)] : []));
}

function toLine(line: Extract<Line, { type: LineType.DIRECTIVE }>): ConfigLine {
  const name = line.param.toLowerCase();
  const values = typeof line.value === 'string' ? [line.value] : line.value.map(({ val }) => val);
  const inner = 'config' in line ? toLines(line.config) : [];
  switch (name) {
    case 'host':
      return { type: 'host', patterns: values, lines: inner };
    case 'match':
      return { type: 'match', criteria: toCriteria(values), lines: inner };
    case 'include':
      return { type: 'include', paths: values };
    default:
      return { type: 'setting', name, values };
  }
}

/** Conditions that stand alone; all others are followed by their pattern. */
const ALONE = new Set(['all', 'canonical', 'final']);

function toCriteria(words: readonly string[]): readonly Criterion[] {
  const criteria: Criterion[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = (words[at] ?? '').toLowerCase();
    const negated = word.startsWith('!');
    const name = negated ? word.slice(1) : word;
    if (ALONE.has(name)) criteria.push({ name, negated, patterns: [] });
    else {
      at += 1;
      criteria.push({ name, negated, patterns: (words[at] ?? '').split(',') });
    }
  }
  return criteria;
}
