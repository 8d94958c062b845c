import { BdeError, isBdeError } from '../../errors/bde-error.js';
import type { CommandResult, NodeLink } from '../../engine/ports/nodes.js';
import script from './host-lease.sh';
import { operatorTarget } from './host-log-in.js';
import type { StaticHost } from '../../engine/ports/static-host.js';
import { hostName, type StaticSite } from './static-site.js';

/** A host that is logged in to. */
export interface OpenHost {
  readonly host: StaticHost;
  readonly link: NodeLink;
  /** User that the login was as. */
  readonly user: string;
  /** One verb of `host-lease.sh`; ends with its output, or undefined where it ended with 3. */
  readonly call: (argv: readonly string[], stdin?: string) => Promise<string | undefined>;
}

const VERB_MS = 60_000;
const REFUSED = 3;

/**
 * Work on a host as root, with the operator's keys.
 *
 * @throws BdeError `PROVIDER_FAILED` where it does not answer; what keeps us out for good as itself
 */
export async function onHost<Result>(
  site: StaticSite,
  host: StaticHost,
  work: (open: OpenHost) => Promise<Result>,
): Promise<Result> {
  const target = await operatorTarget(site, host);
  let link: NodeLink | undefined;
  try {
    link = await site.nodes.connect(target, { timeoutMs: site.connectMs, signal: new AbortController().signal });
    const connected = link;
    const call: OpenHost['call'] = async (argv, stdin) =>
      outputOf(
        host,
        argv,
        await connected.command(['sh', '-c', script, 'host-lease', ...argv], {
          timeoutMs: VERB_MS,
          ...(stdin === undefined ? {} : { stdin }),
        }),
      );
    return await work({ host, link, user: target.user, call });
  } catch (error) {
    throw isSilence(error) ? unreachedError(host, error) : error;
  } finally {
    await link?.close();
  }
}

function isSilence(error: unknown): error is BdeError {
  return isBdeError(error, 'CONNECT_FAILED') || isBdeError(error, 'CONNECT_LOST');
}

function outputOf(host: StaticHost, argv: readonly string[], result: CommandResult): string | undefined {
  if (result.exitCode === 0) return result.stdout;
  if (result.exitCode === REFUSED) return undefined;
  throw new BdeError(
    'PROVIDER_FAILED',
    `The host ${hostName(host)} failed in "${argv[0] ?? ''}": ${reasonOf(result)}`,
    {
      hint: 'Mend it there, then run the command again.',
    },
  );
}

function reasonOf({ stderr, exitCode, signal }: CommandResult): string {
  return stderr.trim().split('\n').at(-1) || `it ended with ${String(exitCode ?? signal)}`;
}

function unreachedError(host: StaticHost, cause: BdeError): BdeError {
  return new BdeError('PROVIDER_FAILED', `The host ${hostName(host)} cannot be reached: ${cause.message}`, {
    hint: 'Check that it is on and that sshd runs on it, or take it out of the site file.',
    cause,
  });
}
