import { DocumentReader, type Field } from './document-reader.js';
import type { DebianSource, FileSource, OwnedPath, PackageDefinition, ScriptName } from './repo-definition.js';
import * as rules from './text-rules.js';

const PACKAGE_FIELDS = [
  'name',
  'summary',
  'license',
  'architecture',
  'version',
  'revision',
  'requires',
  'provides',
  'user',
  'debian',
  'files',
  'folders',
  'links',
  'scripts',
] as const;

const SCRIPT_NAMES: readonly ScriptName[] = ['pre', 'post', 'preun', 'postun'];

/**
 * The packages that a `build.yaml` describes, in its order.
 *
 * @throws BdeError `REPO_FAILED` with every finding, each with `file:line:column`
 */
export function parseBuildFile(text: string, file: string): readonly PackageDefinition[] {
  const reader = new DocumentReader(text, file);
  const { formatVersion, packages } = reader.root.fields(['formatVersion', 'packages']);
  if (formatVersion.count(0) !== 1) formatVersion.refuse('must be 1, the format that this bde reads.');
  const fields = packages.list();
  const definitions = fields.map(readPackage);
  refuseTwins(fields, definitions);
  reader.finish();
  return definitions;
}

function readPackage(field: Field): PackageDefinition {
  const given = field.fields(PACKAGE_FIELDS);
  const debian = given.debian.list().map(readDebianSource);
  return {
    name: given.name.text(rules.PACKAGE_NAME),
    summary: given.summary.text(rules.LINE),
    license: given.license.text(rules.LINE),
    architecture: given.architecture.text(rules.ARCHITECTURE, 'noarch') === 'x86_64' ? 'x86_64' : 'noarch',
    version: readVersion(given.version, debian),
    revision: given.revision.count(1),
    requires: given.requires.list().map((each) => each.text(rules.DEPENDENCY)),
    provides: given.provides.list().map((each) => each.text(rules.DEPENDENCY)),
    user: given.user.isThere ? readUser(given.user) : null,
    debian,
    files: given.files.list().map(readFileSource),
    folders: given.folders.list().map(readFolder),
    links: given.links.list().map(readLink),
    scripts: given.scripts.isThere ? readScripts(given.scripts) : {},
  };
}

function readVersion(field: Field, debian: readonly DebianSource[]): PackageDefinition['version'] {
  if (!field.isMap) return field.text(rules.VERSION);
  const { of } = field.fields(['of']);
  const source = of.text(rules.PACKAGE_NAME);
  if (!debian.some((each) => each.package === source)) {
    of.refuse(`is ${source}, which is none of the Debian packages of this package.`);
  }
  return { of: source };
}

function readUser(field: Field): PackageDefinition['user'] {
  const { name, home } = field.fields(['name', 'home']);
  return { name: name.text(rules.ACCOUNT), home: home.text(rules.NODE_PATH) };
}

function readDebianSource(field: Field): DebianSource {
  const given = field.fields(['package', 'pick']);
  const pick = given.pick.list().map((each) => each.text(rules.PICK));
  if (pick.length === 0) given.pick.refuse('is empty; name what is taken, e.g. [usr].');
  return { package: given.package.text(rules.PACKAGE_NAME), pick };
}

function readFileSource(field: Field): FileSource {
  const given = field.fields(['path', 'from', 'content', 'owner', 'group', 'mode', 'config']);
  if (given.from.isThere === given.content.isThere) field.refuse('has both or neither of from and content; name one.');
  return {
    path: given.path.text(rules.NODE_PATH),
    owner: given.owner.text(rules.ACCOUNT, 'root'),
    group: given.group.text(rules.ACCOUNT, 'root'),
    mode: given.mode.isThere ? given.mode.text(rules.MODE) : null,
    source: given.from.isThere
      ? { from: given.from.text(rules.PROJECT_PATH) }
      : { content: given.content.text(rules.ANY_TEXT, '') },
    config: given.config.flag(false),
  };
}

function readFolder(field: Field): OwnedPath {
  const given = field.fields(['path', 'owner', 'group', 'mode']);
  return {
    path: given.path.text(rules.NODE_PATH),
    owner: given.owner.text(rules.ACCOUNT, 'root'),
    group: given.group.text(rules.ACCOUNT, 'root'),
    mode: given.mode.text(rules.MODE, '0755'),
  };
}

function readLink(field: Field): PackageDefinition['links'][number] {
  const { path, to } = field.fields(['path', 'to']);
  return { path: path.text(rules.NODE_PATH), to: to.text(rules.LINK_TARGET) };
}

function readScripts(field: Field): PackageDefinition['scripts'] {
  const given = field.fields(SCRIPT_NAMES);
  const present = SCRIPT_NAMES.filter((name) => given[name].isThere);
  return Object.fromEntries(present.map((name) => [name, given[name].text(rules.SCRIPT)]));
}

function refuseTwins(fields: readonly Field[], definitions: readonly PackageDefinition[]): void {
  const seen = new Set<string>();
  definitions.forEach(({ name }, index) => {
    if (seen.has(name)) fields[index]?.refuse(`is a second package named ${name}.`);
    seen.add(name);
  });
}
