import type { ConfigMap } from './config-value.js';
import { printIni } from './print-ini.js';
import { printJson } from './print-json.js';
import { printProperties } from './print-properties.js';
import { printXml } from './print-xml.js';
import { printYaml } from './print-yaml.js';

/**
 * Formats that settings can be printed in, by name. All keep the order of the keys, and tell the placeholders of secrets
 * how a value is escaped there.
 *
 * @throws FormatProblem, from each, where the format cannot hold a key or value
 */
export const CONFIG_FORMATS: Readonly<Record<string, (map: ConfigMap) => string>> = {
  xml: printXml,
  properties: printProperties,
  ini: printIni,
  json: printJson,
  yaml: printYaml,
};
