import { toJinja } from './template.mjs';
import { ofKind, VALUES } from './workload.mjs';

// pyinfra's own operations for commands and waiting run each time and count as a change. These look first, as all its
// others do, so that a second run has nothing to do.
const PROLOGUE = `from pyinfra import host
from pyinfra.api import FactBase, StringCommand, operation
from pyinfra.operations import dnf, files, server, systemd


class Holds(FactBase):
    """Whether a command succeeds."""

    def command(self, test):
        return StringCommand("if", test, "; then echo yes; else echo no; fi")

    def process(self, output):
        return list(output) == ["yes"]


@operation()
def unless(test, command):
    """Runs a command where the test does not hold."""
    if host.get_fact(Holds, test=test):
        host.noop("it holds")
    else:
        yield command


values = {name: host.data.get(name) for name in [${[...VALUES, 'members'].map((name) => `"${name}"`).join(', ')}]}
`;

/** The deploy and its templates, by path. */
export function toDeploy(resources) {
  const templates = [...ofKind(resources, 'template'), ...ofKind(resources, 'unit')];
  return {
    'deploy.py': [PROLOGUE, ...resources.map(toOperation)].join('\n'),
    ...Object.fromEntries(templates.map(({ id, lines }) => [`templates/${id}.j2`, toJinja(lines)])),
  };
}

/** Hosts with the values of the workload, and how to reach them. */
export function toHosts(members, { key, knownHosts, greeting }) {
  const hosts = members.map(({ name, address, index }) => [
    name,
    {
      ssh_hostname: address,
      ssh_user: 'root',
      ssh_key: key,
      ssh_known_hosts_file: knownHosts,
      ssh_strict_host_key_checking: 'yes',
      node_name: name,
      node_addr: address,
      node_index: index,
      greeting,
    },
  ]);
  const rows = hosts.map(([name, data]) => `    (${python(name)}, {**shared, **${python(data)}}),`);
  return [`shared = {"members": ${python(members)}}`, 'nodes = [', ...rows, ']', ''].join('\n');
}

function toOperation(resource) {
  const name = `name=${python(resource.id)}`;
  switch (resource.kind) {
    case 'user':
      return (
        `server.user(${name}, user=${python(resource.name)}, system=True, home=${python(resource.home)}, ` +
        `shell=${python(resource.shell)}, ensure_home=False)`
      );
    case 'directory':
      return `files.directory(${name}, path=${python(resource.path)}, ${access(resource)})`;
    case 'packages':
      return `dnf.packages(${name}, packages=${python(resource.names)})`;
    case 'template':
      return toTemplate(resource, resource.path, access(resource));
    case 'line':
      return (
        `files.line(${name}, path=${python(resource.path)}, line=${python(`^${resource.key}=.*$`)}, ` +
        `replace=${python(resource.line)})`
      );
    case 'command':
      return `unless(${name}, test=${python(`test -e ${resource.creates}`)}, command=${python(resource.command)})`;
    case 'unit':
      return toTemplate(resource, `/etc/systemd/system/${resource.name}`, 'user="root", group="root", mode="0644"');
    case 'service':
      return toService(resource, name);
    case 'port':
      return toWait(resource, name);
    case 'check':
      return toCheck(resource, name);
    default:
      throw new TypeError(`the deploy has no way to say ${resource.kind}`);
  }
}

function toTemplate({ id }, path, parameters) {
  const call = `files.template(name=${python(id)}, src=${python(`templates/${id}.j2`)}, dest=${python(path)}, ${parameters}, **values)`;
  return ['daemon', 'unit'].includes(id) ? `changed_${id} = ${call}` : call;
}

function toService({ name: unit, restartedBy }, name) {
  const changed = restartedBy.map((id) => `changed_${id}.did_change()`).join(' or ');
  return [
    `systemd.daemon_reload(name="reload", _if=changed_unit.did_change)`,
    `started = systemd.service(${name}, service=${python(unit)}, running=True, enabled=True)`,
    `systemd.service(name="restart", service=${python(unit)}, restarted=True,`,
    `    _if=lambda: (${changed}) and not started.did_change())`,
  ].join('\n');
}

function toWait({ port, withinSeconds }, name) {
  const test = `ss -Hltn 'sport = :${port}' | grep -q .`;
  const wait = `timeout ${withinSeconds} sh -c "until ${test}; do sleep 0.1; done"`;
  return `unless(${name}, test=${python(test)}, command=${python(wait)})`;
}

function toCheck({ command }, name) {
  const words = command.map((word) => (typeof word === 'string' ? word : `{host.data.${word.value}}`)).join(' ');
  const test = `f${python(words)}`;
  return `unless(${name}, test=${test} + " >/dev/null", command=${test})`;
}

function access({ owner, group, mode }) {
  return `user=${python(owner)}, group=${python(group)}, mode=${python(mode)}`;
}

/** A literal of Python; JSON is one where it holds texts, whole numbers, lists and maps. */
function python(value) {
  return JSON.stringify(value);
}
