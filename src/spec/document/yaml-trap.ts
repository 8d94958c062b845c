/** What YAML made of a word without quotes, where a text was meant. */
export interface YamlTrap {
  /** `1.10 without quotes, which YAML reads as the number 1.1` */
  readonly found: string;
  readonly hint: string;
}

/**
 * `mode: 0644` and `version: 1.10` in YAML are numbers, and not the ones that stand there. Undefined where the value is a
 * text or no scalar, or where it is not known how it was written.
 */
export function yamlTrap(file: string, written: string | undefined, value: unknown): YamlTrap | undefined {
  if (written === undefined || !/\.ya?ml$/i.test(file)) return undefined;
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  return {
    found: `${written} without quotes, which YAML reads as the ${typeof value} ${JSON.stringify(value)}`,
    hint: `Put it in quotes: "${written}".`,
  };
}
