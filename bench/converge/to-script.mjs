import { createHash } from 'node:crypto';
import { renderTemplate } from './template.mjs';
import { ofKind } from './workload.mjs';

// What a careful operator writes by hand: look, act where it differs, say how much was changed.
const HEAD = `set -eu
umask 022
nl='
'
changed=0
changed() { changed=$((changed + 1)); }
has() { case "$nl$1$nl" in *"$nl$2$nl"*) return 0 ;; esac; return 1; }
`;

/** Each look is a process of its own. */
const SINGLE_LOOKS = `look() { stats=$(stat -c '%n %F %a %U %G' "$1" 2>/dev/null || :); }
look_into() { look "$1"; sums=$(sha256sum "$1" 2>/dev/null || :); }
`;

const ACTS = `directory() {
  look "$1"
  has "$stats" "$1 directory $2 $3 $4" && return 0
  install -d -m "$2" -o "$3" -g "$4" "$1"
  changed
}
content() {
  look_into "$1"
  if has "$stats" "$1 regular file $2 $3 $4" && has "$sums" "$5  $1"; then return 1; fi
  install -m "$2" -o "$3" -g "$4" /dev/null "$1.new"
  "$6" >"$1.new"
  mv -f "$1.new" "$1"
  changed
}
line() {
  grep -qx "$3" "$1" 2>/dev/null && return 0
  touch "$1"
  if grep -q "^$2=" "$1"; then sed -i "s/^$2=.*/$3/" "$1"; else echo "$3" >>"$1"; fi
  changed
}
`;

/**
 * The whole work of one node as a script for `sh -s`; it ends with a line `changed=N`.
 *
 * @param {object} values the node's values of the workload, with `members`
 * @param {{ batched: boolean }} options `batched`: one look over all paths, all sums and all of the unit, at the beginning
 */
export function toScript(resources, values, { batched }) {
  const parts = resources.map((resource) => toLines(resource, values));
  const looks = batched ? batchedLooks(resources) : SINGLE_LOOKS;
  return [HEAD, looks, ACTS, ...parts, 'echo "changed=$changed"\n'].join('');
}

/** The looks of the batch are taken before anything changes; that will do, for no path comes twice. */
function batchedLooks(resources) {
  const files = filesOf(resources).map(({ path }) => path);
  const paths = [...ofKind(resources, 'directory').map(({ path }) => path), ...files];
  return `stats=$(stat -c '%n %F %a %U %G' ${paths.join(' ')} 2>/dev/null || :)
sums=$(sha256sum ${files.join(' ')} 2>/dev/null || :)
look() { :; }
look_into() { :; }
`;
}

/**
 * Files with their content, in order: templates and units.
 *
 * @param {readonly import('./workload.mjs').Resource[]} resources
 */
export function filesOf(resources) {
  const units = ofKind(resources, 'unit').map((unit) => ({
    ...unit,
    path: `/etc/systemd/system/${unit.name}`,
    owner: 'root',
    group: 'root',
    mode: '0644',
  }));
  return [...ofKind(resources, 'template'), ...units];
}

/**
 * What a file has to hold on the node of these values.
 *
 * @param {import('./workload.mjs').Resource} file
 */
export function contentOf({ lines }, values) {
  return renderTemplate(lines, values);
}

export function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

function toLines(resource, values) {
  switch (resource.kind) {
    case 'user':
      return `getent passwd ${resource.name} >/dev/null || { useradd --system --no-create-home --home-dir ${resource.home} --shell ${resource.shell} ${resource.name}; changed; }\n`;
    case 'directory':
      return `directory ${resource.path} ${Number(resource.mode)} ${resource.owner} ${resource.group}\n`;
    case 'packages':
      return `rpm -q ${resource.names.join(' ')} >/dev/null || { dnf -y -q install ${resource.names.join(' ')} >/dev/null; changed; }\n`;
    case 'template':
    case 'unit':
      return toFile(filesOf([resource])[0], values);
    case 'line':
      return `line ${resource.path} ${resource.key} ${resource.line}\n`;
    case 'command':
      return `[ -e ${resource.creates} ] || { ${resource.command}; changed; }\n`;
    case 'service':
      return toService(resource);
    case 'port':
      return `timeout ${resource.withinSeconds} sh -c "until ss -Hltn 'sport = :${resource.port}' | grep -q .; do sleep 0.1; done"\n`;
    case 'check':
      return `${resource.command.map((word) => (typeof word === 'string' ? word : values[word.value])).join(' ')} >/dev/null\n`;
    default:
      throw new TypeError(`the script has no way to say ${resource.kind}`);
  }
}

/** The content is a function, so that it costs nothing where nothing is to be written. */
function toFile(file, values) {
  const content = contentOf(file, values);
  const { id, path, mode, owner, group } = file;
  const name = id.replace(/\W/g, '_');
  const call = `content ${path} ${Number(mode)} ${owner} ${group} ${sha256(content)} print_${name}`;
  return `print_${name}() { cat <<'END_OF_FILE'\n${content}END_OF_FILE\n}\nchanged_${name}=\n${call} && changed_${name}=1 || :\n`;
}

function toService({ name, restartedBy }) {
  const restarts = restartedBy.map((id) => `"$changed_${id}"`).join('');
  return `[ -z "$changed_unit" ] || systemctl daemon-reload
state=$(systemctl show -p ActiveState,UnitFileState ${name})
has "$state" UnitFileState=enabled || { systemctl enable -q ${name}; changed; }
if ! has "$state" ActiveState=active; then systemctl start ${name}; changed
elif [ -n ${restarts} ]; then systemctl restart ${name}; changed; fi
`;
}
