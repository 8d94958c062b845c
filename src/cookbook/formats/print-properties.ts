import { encodeTokens } from '../secret-token.js';
import { flatText, type ConfigMap } from './config-value.js';
import { escapeProperty, escapePropertyKey } from './escape-properties.js';

/** A Java properties file: `key=value`, one a line. */
export function printProperties(map: ConfigMap): string {
  const lines = Object.entries(map).map(
    ([key, value]) => `${escapePropertyKey(key)}=${encodeTokens(escapeProperty(flatText(key, value)), 'properties')}\n`,
  );
  return lines.join('');
}
