import { BdeError } from '../errors/bde-error.js';
import { recallRun } from './compile-memo.js';
import type { Cookbook, RoleCommand } from './cookbook.js';
import { quoteShell } from './quote-shell.js';
import { formatPlace } from './render/source-place.js';
import { renderContext } from './render-context.js';
import { requireRole } from './require-role.js';
import { hasSecretToken } from './secret-token.js';
import type { CompileInput, NodeView, Probe, Role } from './types.js';

/** A probe as text for `sh -c`; exit 0 means yes. It ends itself in time, and prints at most 4 KiB, the last ones. */
export interface CompiledProbe {
  readonly text: string;
  readonly timeoutMs: number;
  /** The command itself, and where it is written, as file:line:column: for people. */
  readonly command: string;
  readonly place: string;
}

/** The member that a peer lets in or out. */
export type Member = Pick<NodeView, 'name' | 'address' | 'ordinal'>;

/** Time beyond the probe's own limit until the one who asked gives up on the connection. */
const GRACE_MS = 5000;

/**
 * A command of a role for the node and role of the input; null where the role has none.
 *
 * @throws BdeError `RENDER_FAILED`; `COOKBOOK_INVALID` where it holds a secret, for everyone on the node could see it
 */
export function compileProbe(
  input: CompileInput,
  cookbooks: readonly Cookbook[],
  which: RoleCommand,
): CompiledProbe | null {
  return recallRun(input, cookbooks, which, (observed) => renderProbe(observed, cookbooks, which));
}

function renderProbe(input: CompileInput, cookbooks: readonly Cookbook[], which: RoleCommand): CompiledProbe | null {
  const { role, commands } = requireRole(input.role, cookbooks);
  const probe = probeOf(role, which);
  const template = commands[which];
  if (!probe || !template) return null;
  const command = template.render(renderContext(input, role, role.cookbook));
  if (hasSecretToken(command)) throw secretInProbe(which, role.name);
  return {
    text: boundedCommand(command, probe.timeoutSeconds),
    timeoutMs: probe.timeoutSeconds * 1000 + GRACE_MS,
    command,
    place: formatPlace(template.place),
  };
}

/**
 * A role's `join` or `leave` for the peer of the input. The member is in the environment of the command (`$member_name`,
 * `$member_address`, `$member_ordinal`): so no template can put it anywhere unquoted.
 *
 * @throws as `compileProbe`
 */
export function compileMembership(
  input: CompileInput,
  cookbooks: readonly Cookbook[],
  order: { readonly which: 'join' | 'leave'; readonly member: Member },
): CompiledProbe | null {
  const probe = compileProbe(input, cookbooks, order.which);
  if (probe === null) return null;
  return { ...probe, text: [...memberLines(order.member), probe.text].join('\n') };
}

function probeOf(role: Role, which: RoleCommand): Probe | null {
  switch (which) {
    case 'ready':
      return role.ready?.probe ?? null;
    case 'acceptance':
      return role.acceptance;
    case 'leader':
      return role.update.leader;
    case 'join':
    case 'leave':
    case 'drain':
    case 'undrain':
      return role.membership[which];
  }
}

function memberLines({ name, address, ordinal }: Member): readonly string[] {
  return [
    `member_name=${quoteShell(name)} member_address=${quoteShell(address)} member_ordinal=${quoteShell(String(ordinal))}`,
    'export member_name member_address member_ordinal',
  ];
}

/** Descriptor 3 carries the exit status past the pipe, 4 is the real stdout. */
function boundedCommand(command: string, seconds: number): string {
  return [
    'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin',
    'export PATH',
    'exec 4>&1',
    `status=$( { { timeout -k 2 ${seconds} sh -c ${quoteShell(command)} </dev/null 2>&1; echo "$?" >&3; } | tail -c 4096 >&4; } 3>&1)`,
    'exit "$status"',
  ].join('\n');
}

function secretInProbe(which: RoleCommand, role: string): BdeError {
  return new BdeError('COOKBOOK_INVALID', `The ${which} probe of ${role} holds a secret`, {
    subject: { role },
    hint: 'Lay the secret in a file by a template, and have the probe read that.',
  });
}
