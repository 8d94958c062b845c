import { contentOf, filesOf, sha256 } from './to-script.mjs';
import { ofKind, PORT } from './workload.mjs';

/**
 * A script that ends well where the workload is on the node of these values to the last byte, and the service answers with
 * the greeting; else it prints what differs.
 */
export function toCheck(resources, values) {
  const files = filesOf(resources);
  const [{ name: user, home, shell }] = ofKind(resources, 'user');
  const [{ name: unit }] = ofKind(resources, 'unit');
  const names = ofKind(resources, 'packages').flatMap((resource) => resource.names);
  const lines = ofKind(resources, 'line');
  return `same() { cmp -s "$1" "$2" || { diff "$1" "$2"; exit 1; }; }
cd "$(mktemp -d)" || exit 1
trap 'rm -rf "$PWD"' EXIT
cat >wanted <<'END'
${wantedStats(resources, files)}
END
stat -c '%n %F %a %U %G' ${[...ofKind(resources, 'directory'), ...files].map(({ path }) => path).join(' ')} >found 2>&1
same wanted found
cat >wanted <<'END'
${files.map((file) => `${sha256(contentOf(file, values))}  ${file.path}`).join('\n')}
END
sha256sum ${files.map(({ path }) => path).join(' ')} >found 2>&1
same wanted found
printf '%s\\n' ${lines.map(({ line }) => line).join(' ')} >wanted
same wanted ${lines[0].path}
[ "$(getent passwd ${user} | cut -d: -f6,7)" = ${home}:${shell} ] || { echo 'the user differs'; exit 1; }
for path in ${ofKind(resources, 'command')
    .map(({ creates }) => creates)
    .join(' ')}; do
  [ -e "$path" ] || { echo "$path is absent"; exit 1; }
done
rpm -q ${names.join(' ')} >found || { grep -v '^wbench-.*noarch$' found; exit 1; }
systemctl is-enabled --quiet ${unit} || { echo 'the service is not enabled'; exit 1; }
curl -s -m 5 telnet://127.0.0.1:${PORT} >found </dev/null
echo '${values.greeting} from ${values.node_addr}' >wanted
same wanted found
`;
}

function wantedStats(resources, files) {
  const line = (type, { path, mode, owner, group }) => `${path} ${type} ${Number(mode)} ${owner} ${group}`;
  return [
    ...ofKind(resources, 'directory').map((folder) => line('directory', folder)),
    ...files.map((file) => line('regular file', file)),
  ].join('\n');
}
