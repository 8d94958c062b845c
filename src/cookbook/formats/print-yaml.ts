import { Document, isScalar, visit } from 'yaml';
import { encodeTokens, hasSecretToken } from '../secret-token.js';
import type { ConfigMap } from './config-value.js';

/** YAML 1.2 in blocks. Texts that YAML 1.1 reads as something else (`yes`, `012`, `1:30`) are in quotes. */
export function printYaml(map: ConfigMap): string {
  const document = new Document(map, { version: '1.1' });
  // A secret is filled in where the writer could not see it: only within double quotes is any value safe.
  visit(document, {
    Scalar: (_, node) => {
      if (isScalar(node) && typeof node.value === 'string' && hasSecretToken(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return encodeTokens(document.toString({ lineWidth: 0, directives: false }), 'json');
}
