import { isAttributeMap } from '../merge-attributes.js';
import { FormatProblem, flatText, type ConfigMap } from './config-value.js';

/**
 * An ini file: what is no map comes first, then a section for each map. The format has no quoting, so what a reader would
 * take for something else is refused.
 *
 *     level = info
 *
 *     [server]
 *     port = 8080
 */
export function printIni(map: ConfigMap): string {
  const entries = Object.entries(map);
  const loose = entries.filter(([, value]) => !isAttributeMap(value));
  const sections = entries.flatMap(([name, value]) => (isAttributeMap(value) ? [section(name, value)] : []));
  return [...(loose.length === 0 ? [] : [settings(loose)]), ...sections].join('\n');
}

function section(name: string, map: ConfigMap): string {
  if (!/^[^[\]\n\r]+$/.test(name)) throw unfit('the section', name, 'a name without brackets and line ends');
  return `[${name}]\n${settings(Object.entries(map))}`;
}

function settings(entries: readonly (readonly [string, ConfigMap[string]])[]): string {
  return entries.map(([key, value]) => setting(key, flatText(key, value))).join('');
}

function setting(key: string, text: string): string {
  if (!/^[^\s[#;=:][^\n\r=:]*$/.test(key) || key !== key.trim()) {
    throw unfit('the key', key, 'a key that begins with none of [ # ; and has no = and : and line end in it');
  }
  if (/[\n\r]/.test(text) || text !== text.trim()) {
    throw unfit(`at ${JSON.stringify(key)}`, text, 'a text without line ends and without blanks around it');
  }
  return text === '' ? `${key} =\n` : `${key} = ${text}\n`;
}

function unfit(what: string, seen: string, allowed: string): FormatProblem {
  return new FormatProblem(`has ${what} ${JSON.stringify(seen)}, which ini cannot hold; allowed is ${allowed}`);
}
