import { encodeTokens } from '../secret-token.js';
import { FormatProblem, flatText, type ConfigMap } from './config-value.js';
import { escapeXml } from './escape-xml.js';

/**
 * The XML of Hadoop and its kin:
 *
 *     <configuration>
 *       <property>
 *         <name>dfs.replication</name>
 *         <value>3</value>
 *       </property>
 *     </configuration>
 */
export function printXml(map: ConfigMap): string {
  const properties = Object.entries(map).flatMap(([key, value]) => [
    '  <property>',
    `    <name>${elementText(key, key)}</name>`,
    `    <value>${encodeTokens(elementText(key, flatText(key, value)), 'xml')}</value>`,
    '  </property>',
  ]);
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<configuration>', ...properties, '</configuration>'];
  return `${lines.join('\n')}\n`;
}

function elementText(key: string, text: string): string {
  // eslint-disable-next-line no-control-regex -- characters that no XML 1.0 document may hold, escaped or not
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) {
    throw new FormatProblem(`has a control character at ${JSON.stringify(key)}, which XML cannot hold`);
  }
  return escapeXml(text);
}
