import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { countRecap } from '../../../../bench/converge/subjects/ansible.mjs';
import { countTotal } from '../../../../bench/converge/subjects/pyinfra.mjs';
import { countChanges } from '../../../../bench/converge/subjects/raw.mjs';
import { toCheck } from '../../../../bench/converge/to-check.mjs';
import { toCookbook } from '../../../../bench/converge/to-cookbook.mjs';
import { toDeploy, toHosts } from '../../../../bench/converge/to-deploy.mjs';
import { toInventory, toPlaybook } from '../../../../bench/converge/to-playbook.mjs';
import { contentOf, filesOf, sha256, toScript } from '../../../../bench/converge/to-script.mjs';
import { toUndo } from '../../../../bench/converge/to-undo.mjs';
import { workload } from '../../../../bench/converge/workload.mjs';
import { compileRun } from '../../../../src/cookbook/compile-run.js';
import { parseCookbook } from '../../../../src/cookbook/parse-cookbook.js';
import { compileInput, nodeView } from '../../cookbook/cookbook-support.js';

const RESOURCES = workload('packages');
const NODES = [nodeView(0), nodeView(1), nodeView(2)];
const MEMBERS = NODES.map(({ name, address, index }) => ({ name, address, index: index + 1 }));
const VALUES = {
  node_name: MEMBERS[1]!.name,
  node_addr: MEMBERS[1]!.address,
  node_index: 2,
  greeting: 'good evening',
  members: MEMBERS,
};
const ACCESS = { key: '/keys/login', knownHosts: '/keys/known_hosts', greeting: 'good evening' };
const PATHS = filesOf(RESOURCES).map(({ path }) => path ?? '');

function isGoodShell(script: string): boolean {
  return spawnSync('sh', ['-n'], { input: script }).status === 0;
}

describe('toCookbook', () => {
  const tree = Object.entries(toCookbook(RESOURCES))
    .filter(([path]) => path.startsWith('cookbooks/wbench/'))
    .map(([path, content]) => [path.slice('cookbooks/wbench/'.length), Buffer.from(content)] as const);
  const cookbook = parseCookbook({ name: 'wbench', path: 'cookbooks/wbench', files: Object.fromEntries(tree) });
  const lockedPackages = Object.fromEntries(
    RESOURCES.flatMap(({ names = [] }) => names).map((name) => [name, `${name}-1.0-1.noarch`]),
  );
  const run = compileRun(
    compileInput({
      role: 'wbench',
      node: { ...NODES[1]!, roles: ['wbench'] },
      nodes: NODES,
      lockedPackages,
      attributes: { wbench: { greeting: 'good evening' } },
    }),
    [cookbook],
  );

  it('has every file render to the bytes that all tools have to lay', () => {
    const wanted = filesOf(RESOURCES).map((file) => sha256(contentOf(file, VALUES)));

    for (const sum of wanted) expect(run.script).toContain(sum);
  });

  it('has a resource for each of the workload, with one for each package', () => {
    const kinds = run.resources.map(({ kind }) => kind);

    expect(kinds.filter((kind) => kind === 'package')).toHaveLength(13);
    expect(kinds).toHaveLength(RESOURCES.length + 12);
  });
});

/** A task of a playbook: its name, and the module under its own. */
interface Task {
  readonly name: string;
  readonly 'ansible.builtin.systemd_service'?: { readonly state: string };
}

describe('toPlaybook', () => {
  const files = toPlaybook(RESOURCES, { strategy: 'mitogen_linear' });
  const [play] = parse(files['site.yaml']) as [{ readonly tasks: readonly Task[] }];

  it('has a task for each resource, in order', () => {
    expect(play.tasks.map(({ name }) => name)).toEqual(RESOURCES.map(({ id }) => id));
  });

  it('gathers no facts and takes the strategy that is asked for', () => {
    expect(play).toMatchObject({ gather_facts: false, strategy: 'mitogen_linear' });
  });

  it('restarts the service only where a file that it reads has changed', () => {
    const service = play.tasks.find(({ name }) => name === 'service');

    expect(service?.['ansible.builtin.systemd_service']?.state).toBe(
      "{{ 'restarted' if changed_daemon.changed or changed_unit.changed else 'started' }}",
    );
  });

  it('brings a template for each file', () => {
    expect(Object.keys(files).filter((path) => path.startsWith('templates/'))).toHaveLength(13);
  });
});

interface Inventory {
  readonly all: {
    readonly hosts: Readonly<Record<string, object>>;
    readonly vars: { readonly ansible_ssh_common_args: string };
  };
}

describe('toInventory', () => {
  it('gives each host its values and pins its key', () => {
    const { all } = parse(toInventory(MEMBERS, ACCESS)) as Inventory;

    expect(all.hosts[VALUES.node_name]).toEqual({
      ansible_host: VALUES.node_addr,
      node_name: VALUES.node_name,
      node_addr: VALUES.node_addr,
      node_index: 2,
    });
    expect(all.vars.ansible_ssh_common_args).toContain('StrictHostKeyChecking=yes');
  });
});

describe('toDeploy', () => {
  const files = toDeploy(RESOURCES);

  it('names every resource once and lays every file', () => {
    const deploy = files['deploy.py'];

    for (const { id } of RESOURCES) expect(deploy.split(`name=${JSON.stringify(id)},`)).toHaveLength(2);
    for (const path of PATHS) expect(deploy).toContain(`dest="${path}"`);
  });

  it('is Python, and so are its hosts', () => {
    for (const source of [files['deploy.py'], toHosts(MEMBERS, ACCESS)]) {
      const check = 'import ast, sys; ast.parse(sys.stdin.read())';
      expect(spawnSync('python3', ['-c', check], { input: source }).status).toBe(0);
    }
  });
});

describe('toScript', () => {
  it.each([true, false])('is shell and knows the sum of every file (batched: %j)', (batched) => {
    const script = toScript(RESOURCES, VALUES, { batched });

    expect(isGoodShell(script)).toBe(true);
    for (const file of filesOf(RESOURCES)) expect(script).toContain(sha256(contentOf(file, VALUES)));
  });

  it('looks once at all files where looks are batched, and at each where not', () => {
    const looks = (batched: boolean) =>
      toScript(RESOURCES, VALUES, { batched })
        .match(/stat -c .*/g)
        ?.map((look) => PATHS.every((path) => look.includes(path)));

    expect(looks(true)).toEqual([true]);
    expect(looks(false)).toEqual([false]);
  });
});

describe('toCheck', () => {
  it('is shell that wants every file and the answer of the service', () => {
    const check = toCheck(RESOURCES, VALUES);

    expect(isGoodShell(check)).toBe(true);
    for (const file of filesOf(RESOURCES)) expect(check).toContain(`${sha256(contentOf(file, VALUES))}  ${file.path}`);
    expect(check).toContain(`echo 'good evening from ${VALUES.node_addr}'`);
  });
});

describe('toUndo', () => {
  it('is shell that takes away the extra packages and leaves what was there before', () => {
    const undo = toUndo(RESOURCES);

    expect(isGoodShell(undo)).toBe(true);
    expect(undo).toContain('rpm -e wbench-extra-01 ');
    expect(undo).not.toContain('wbench-tools');
  });

  it('erases no package in the plain variant', () => {
    expect(toUndo(workload('plain'))).not.toContain('rpm -e');
  });
});

describe('what tools say of their changes', () => {
  it('adds up the last line of each script', () => {
    expect(countChanges('changed=3\nsome other line\nchanged=24\n')).toBe(27);
  });

  it('adds up the recap of Ansible', () => {
    const recap = `TASK [x]\nchanged: [a]\n\nPLAY RECAP ****
a    : ok=30   changed=2    unreachable=0    failed=0    skipped=0
b    : ok=30   changed=1    unreachable=0    failed=0    skipped=0\n`;

    expect(countRecap(recap, 2)).toBe(3);
  });

  it('takes the changed ones from the totals of pyinfra, colours aside', () => {
    const table =
      '--> Results:\n    \u001b[1mOperation\u001b[0m  Hosts  Success  Error  No Change\n    Grand total  66  4  -  62\n';

    expect(countTotal(table)).toBe(4);
    expect(countTotal(table.replace(' 4 ', ' - '))).toBe(0);
  });

  it('refuses a recap in which a host failed', () => {
    const recap = 'PLAY RECAP ****\na : ok=3 changed=1 unreachable=0 failed=1 skipped=0\n';

    expect(() => countRecap(recap, 1)).toThrow('the recap has 0 good hosts of 1');
  });
});
