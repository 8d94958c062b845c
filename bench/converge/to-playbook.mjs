import { stringify } from 'yaml';
import { toJinja } from './template.mjs';
import { ofKind } from './workload.mjs';

/**
 * The playbook and its templates, by path; `strategy` is Ansible's own where it is not given.
 *
 * @param {{ strategy?: string }} [options]
 */
export function toPlaybook(resources, { strategy } = {}) {
  const play = {
    hosts: 'all',
    gather_facts: false,
    ...(strategy === undefined ? {} : { strategy }),
    tasks: resources.map((resource) => ({ name: resource.id, ...toTask(resource) })),
  };
  const templates = [...ofKind(resources, 'template'), ...ofKind(resources, 'unit')];
  return {
    'site.yaml': stringify([play], { aliasDuplicateObjects: false }),
    ...Object.fromEntries(templates.map(({ id, lines }) => [`templates/${id}.j2`, toJinja(lines)])),
  };
}

/** Hosts with the values of the workload, and how to reach them. */
export function toInventory(members, { key, knownHosts, greeting }) {
  const options = `-F none -o UserKnownHostsFile=${knownHosts} -o StrictHostKeyChecking=yes -o BatchMode=yes`;
  const hosts = members.map(({ name, address, index }) => [
    name,
    { ansible_host: address, node_name: name, node_addr: address, node_index: index },
  ]);
  return stringify(
    {
      all: {
        vars: {
          ansible_user: 'root',
          ansible_ssh_private_key_file: key,
          ansible_ssh_common_args: options,
          ansible_python_interpreter: '/usr/bin/python3',
          greeting,
          members,
        },
        hosts: Object.fromEntries(hosts),
      },
    },
    { aliasDuplicateObjects: false },
  );
}

function toTask(resource) {
  switch (resource.kind) {
    case 'user':
      return builtIn('user', {
        name: resource.name,
        system: true,
        home: resource.home,
        shell: resource.shell,
        create_home: false,
      });
    case 'directory':
      return builtIn('file', { path: resource.path, state: 'directory', ...access(resource) });
    case 'packages':
      // Naming the backend spares Ansible a task that finds it out.
      return builtIn('dnf', { name: resource.names, state: 'present', use_backend: 'dnf4' });
    case 'template':
      return {
        ...builtIn('template', { src: `${resource.id}.j2`, dest: resource.path, ...access(resource) }),
        ...remember(resource),
      };
    case 'line':
      return builtIn('lineinfile', {
        path: resource.path,
        regexp: `^${resource.key}=`,
        line: resource.line,
        create: true,
        mode: '0644',
      });
    case 'command':
      return builtIn('shell', { cmd: resource.command, creates: resource.creates });
    case 'unit':
      return {
        ...builtIn('template', { src: `${resource.id}.j2`, dest: `/etc/systemd/system/${resource.name}` }),
        ...remember(resource),
      };
    case 'service':
      return builtIn('systemd_service', {
        name: resource.name,
        daemon_reload: '{{ changed_unit.changed }}',
        enabled: true,
        state: `{{ 'restarted' if ${resource.restartedBy.map((id) => `changed_${id}.changed`).join(' or ')} else 'started' }}`,
      });
    case 'port':
      return builtIn('wait_for', { port: resource.port, timeout: resource.withinSeconds });
    case 'check':
      return { ...builtIn('command', { argv: resource.command.map(toWord) }), changed_when: false };
    default:
      throw new TypeError(`the playbook has no way to say ${resource.kind}`);
  }
}

function builtIn(module, parameters) {
  return { [`ansible.builtin.${module}`]: parameters };
}

function access({ owner, group, mode }) {
  return { owner, group, mode };
}

function remember({ id }) {
  return ['daemon', 'unit'].includes(id) ? { register: `changed_${id}` } : {};
}

function toWord(word) {
  return typeof word === 'string' ? word : `{{ ${word.value} }}`;
}
