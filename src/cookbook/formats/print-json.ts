import { encodeTokens } from '../secret-token.js';
import type { ConfigMap } from './config-value.js';

/** JSON with two blanks of indent. */
export function printJson(map: ConfigMap): string {
  return `${encodeTokens(JSON.stringify(map, null, 2), 'json')}\n`;
}
