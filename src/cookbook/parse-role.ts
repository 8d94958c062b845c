import { validateRole } from '../generated/validators.js';
import { documentValue } from '../spec/document/check-document.js';
import { findingAt } from '../spec/document/finding.js';
import type { ParsedDocument } from '../spec/document/parse-document.js';
import { attributeFinding } from './attribute-problem.js';
import type { RoleDefinition } from './cookbook.js';
import { textPlace, valuePlace } from './document-place.js';
import { formatPlace } from './render/source-place.js';
import type { Template, TemplateParser } from './render/template.js';
import type { Attributes, BackupScope, Json, Membership, Probe, ReadyScope, Role } from './types.js';

const DEFAULT_PROBE_SECONDS = 10;
const DEFAULT_ACCEPTANCE_SECONDS = 60;
const DEFAULT_READY_SECONDS = 300;
const DEFAULT_MEMBERSHIP_SECONDS = 120;

interface WrittenProbe {
  readonly command: string;
  readonly timeoutSeconds?: number;
}

/** `roles/<role>.yaml` as its schema lets it be. */
interface WrittenRole {
  readonly summary: string;
  readonly requires?: readonly string[];
  readonly reads?: readonly string[];
  readonly runList: readonly string[];
  readonly cardinality?: Partial<Role['cardinality']>;
  readonly ready?: { readonly scope?: ReadyScope; readonly withinSeconds?: number; readonly probe: WrittenProbe };
  readonly ports?: readonly {
    readonly name: string;
    readonly port: number | string;
    readonly protocol?: 'tcp' | 'udp';
    readonly scheme?: string;
  }[];
  readonly minimumMemoryMiB?: number;
  readonly acceptance?: WrittenProbe;
  readonly join?: WrittenProbe;
  readonly leave?: WrittenProbe;
  readonly drain?: WrittenProbe;
  readonly undrain?: WrittenProbe;
  readonly remove?: { readonly runList: readonly string[] };
  readonly backup?: { readonly scope: BackupScope; readonly runList: readonly string[] };
  readonly restore?: { readonly runList: readonly string[] };
  readonly update?: { readonly maxUnavailable?: number | string; readonly leader?: WrittenProbe };
  readonly attributes?: Attributes;
  readonly facts?: Readonly<
    Record<string, { readonly schema: Json; readonly secret?: boolean; readonly command?: string }>
  >;
}

/** Which role a file describes. */
export interface RoleIdentity {
  readonly name: string;
  readonly cookbook: string;
}

/**
 * A role from its file.
 *
 * @throws BdeError `COOKBOOK_INVALID`, `RENDER_FAILED`, or the one finding
 */
export function parseRole(identity: RoleIdentity, document: ParsedDocument, templates: TemplateParser): RoleDefinition {
  const written = documentValue<WrittenRole>(document, validateRole, 'COOKBOOK_INVALID');
  const command = (text: string | undefined, path: readonly string[]): Template | null =>
    text === undefined ? null : templates.parse(text, textPlace(document, path));
  const facts = Object.entries(written.facts ?? {});
  return {
    role: roleOf(identity, written),
    attributes: written.attributes ?? {},
    attributePlace: (path) => formatPlace(valuePlace(document, ['attributes', ...path])),
    attributeFinding: (problem) => {
      const path = ['attributes', ...problem.path];
      const text = attributeFinding(problem, document.file, document.sourceOf(path));
      return findingAt({ document, path, part: problem.part }, text);
    },
    commands: {
      ready: command(written.ready?.probe.command, ['ready', 'probe', 'command']),
      acceptance: command(written.acceptance?.command, ['acceptance', 'command']),
      leader: command(written.update?.leader?.command, ['update', 'leader', 'command']),
      join: command(written.join?.command, ['join', 'command']),
      leave: command(written.leave?.command, ['leave', 'command']),
      drain: command(written.drain?.command, ['drain', 'command']),
      undrain: command(written.undrain?.command, ['undrain', 'command']),
    },
    portNumbers: (written.ports ?? []).map(({ port }, index) =>
      templates.parse(String(port), textPlace(document, ['ports', index, 'port'])),
    ),
    facts: Object.fromEntries(
      facts.flatMap(([name, fact]) => {
        const template = command(fact.command, ['facts', name, 'command']);
        return template === null ? [] : [[name, template] as const];
      }),
    ),
  };
}

function roleOf({ name, cookbook }: RoleIdentity, written: WrittenRole): Role {
  const { min = 1, max = null, quorum = false } = written.cardinality ?? {};
  return {
    name,
    cookbook,
    summary: written.summary,
    requires: written.requires ?? [],
    reads: written.reads ?? [],
    runList: written.runList,
    cardinality: { min, max, quorum },
    ready: written.ready === undefined ? null : readyOf(written.ready),
    ports: (written.ports ?? []).map(({ protocol = 'tcp', scheme = null, ...port }) => ({ ...port, protocol, scheme })),
    minimumMemoryMiB: written.minimumMemoryMiB ?? 0,
    acceptance: optionalProbe(written.acceptance, DEFAULT_ACCEPTANCE_SECONDS),
    membership: membershipOf(written),
    data: dataOf(written),
    update: {
      maxUnavailable: parseMaxUnavailable(written.update?.maxUnavailable ?? 1),
      leader: optionalProbe(written.update?.leader, DEFAULT_PROBE_SECONDS),
    },
    facts: Object.fromEntries(
      Object.entries(written.facts ?? {}).map(([fact, { schema, secret = false, command = null }]) => [
        fact,
        { schema, secret, command },
      ]),
    ),
  };
}

function readyOf({
  scope = 'each',
  withinSeconds = DEFAULT_READY_SECONDS,
  probe,
}: NonNullable<WrittenRole['ready']>): Role['ready'] {
  return { scope, withinSeconds, probe: probeOf(probe, DEFAULT_PROBE_SECONDS) };
}

function membershipOf({ join, leave, drain, undrain, remove }: WrittenRole): Membership {
  const step = (written: WrittenProbe | undefined): Probe | null => optionalProbe(written, DEFAULT_MEMBERSHIP_SECONDS);
  return {
    join: step(join),
    leave: step(leave),
    drain: step(drain),
    undrain: step(undrain),
    remove: remove?.runList ?? null,
  };
}

/** Both or neither, as the schema lets it be. */
function dataOf({ backup, restore }: WrittenRole): Role['data'] {
  if (backup === undefined || restore === undefined) return null;
  return { scope: backup.scope, backup: backup.runList, restore: restore.runList };
}

/** A number, or the text `25%`, as the schema lets it be. */
function parseMaxUnavailable(written: number | string): Role['update']['maxUnavailable'] {
  return typeof written === 'number' ? { count: written } : { percent: Number(written.slice(0, -1)) };
}

function optionalProbe(written: WrittenProbe | undefined, defaultSeconds: number): Probe | null {
  return written === undefined ? null : probeOf(written, defaultSeconds);
}

function probeOf({ command, timeoutSeconds }: WrittenProbe, defaultSeconds: number): Probe {
  return { command, timeoutSeconds: timeoutSeconds ?? defaultSeconds };
}
