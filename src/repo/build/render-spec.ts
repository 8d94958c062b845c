import type { PackageDefinition, ScriptName } from '../definition/repo-definition.js';
import type { RpmVersion } from './debian-version.js';
import type { PackageEntry } from './package-entry.js';

const SCRIPT_ORDER: readonly ScriptName[] = ['pre', 'post', 'preun', 'postun'];

/**
 * An RPM spec file for files that lie in the build root already.
 *
 * Requirements are those of the definition alone: what the template brings is no RPM. Format:
 * https://rpm-software-management.github.io/rpm/manual/spec.html
 */
export function renderSpec(
  definition: PackageDefinition,
  version: RpmVersion,
  entries: readonly PackageEntry[],
): string {
  const { name, summary, license, requires, provides } = definition;
  return [
    `Name: ${name}`,
    ...(version.epoch === 0 ? [] : [`Epoch: ${version.epoch}`]),
    `Version: ${version.version}`,
    `Release: ${version.release}`,
    `Summary: ${literal(summary)}`,
    `License: ${literal(license)}`,
    'AutoReqProv: no',
    ...requires.map((each) => `Requires: ${literal(each)}`),
    ...provides.map((each) => `Provides: ${literal(each)}`),
    '',
    '%description',
    literal(summary),
    '',
    ...scriptSections(definition),
    '%files',
    ...entries.map(fileLine),
    '',
  ].join('\n');
}

/** A text that RPM's macros leave alone. */
function literal(text: string): string {
  return text.replaceAll('%', '%%');
}

function scriptSections({ scripts, user }: PackageDefinition): readonly string[] {
  return SCRIPT_ORDER.flatMap((name) => {
    const parts = [name === 'pre' && user !== null ? makeUser(user) : '', literal(scripts[name] ?? '')];
    const body = parts.filter((part) => part !== '').join('\n');
    return body === '' ? [] : [`%${name}`, body, ''];
  });
}

function makeUser({ name, home }: { readonly name: string; readonly home: string }): string {
  return (
    `getent group ${name} >/dev/null || groupadd -r ${name}\n` +
    `getent passwd ${name} >/dev/null || useradd -r -g ${name} -d ${home} -s /usr/sbin/nologin -c '${name} service' ${name}`
  );
}

function fileLine({ path, kind, owner, group, mode, config }: PackageEntry): string {
  // The mode of a link is nobody's choice: RPM would warn.
  const attributes = `%attr(${kind === 'link' ? '-' : mode},${owner},${group})`;
  const kinds = [kind === 'folder' ? '%dir ' : '', config ? '%config(noreplace) ' : ''].join('');
  return `${attributes} ${kinds}"${literal(path)}"`;
}
