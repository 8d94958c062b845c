import { BdeError } from '../../errors/bde-error.js';
import type { AcceptStep } from '../../plan/plan.js';
import type { OperationContext } from '../context.js';
import type { CommandResult } from '../ports/nodes.js';
import type { StepOutcome } from '../run-steps.js';
import { pause } from './pause.js';
import { describeResult, hasSaid } from './ask-probe.js';

/** How much of a command is shown. */
const SHOWN_COMMAND = 300;

/**
 * Runs a role's acceptance test on one node, again until it passes or its time is over: a service that is ready may
 * need a moment until its peers have met.
 *
 * @throws BdeError `ACCEPTANCE_FAILED`
 */
export async function performAcceptStep(step: AcceptStep, context: OperationContext): Promise<StepOutcome> {
  const { clock } = context.deps;
  const { compiler } = context.workspace;
  const script = await compiler.probe(step.node, step.role, 'acceptance');
  if (script === null) return { state: 'unchanged', detail: {} };
  const deadlineMs = clock.monotonicMs() + script.timeoutMs;
  const link = await context.links.to(step.node, context.signal);
  const { timeoutMs } = script;
  for (;;) {
    const said = await link.command(['sh', '-c', script.text], { timeoutMs, signal: context.signal });
    const result = redacted(said, compiler.redactor(step.node));
    if (result.exitCode === 0) return { state: 'done', detail: { said: describeResult(result) } };
    if (clock.monotonicMs() > deadlineMs) {
      const { command, place } = script;
      throw notAccepted(step, result, {
        cluster: context.cluster.name,
        place,
        command: compiler.redactor(step.node)(command),
      });
    }
    await pause(context);
  }
}

function redacted(result: CommandResult, redact: (text: string) => string): CommandResult {
  return { ...result, stdout: redact(result.stdout), stderr: redact(result.stderr) };
}

function notAccepted(
  step: AcceptStep,
  result: CommandResult,
  { cluster, place, command }: { readonly cluster: string; readonly place: string; readonly command: string },
): BdeError {
  // What says nothing is told by what it asked.
  const asked = hasSaid(result) ? '' : `; it ran: ${onOneLine(command)}`;
  return new BdeError(
    'ACCEPTANCE_FAILED',
    `The acceptance test of ${step.role} (${place}) fails on ${step.node}: ${describeResult(result)}${asked}`,
    {
      subject: { cluster, node: step.node, role: step.role, step: step.id },
      hint: `Look at the services, mend them, then run bde cluster resume ${cluster}.`,
      data: { command, stdout: result.stdout.slice(-4000), stderr: result.stderr.slice(-4000) },
    },
  );
}

function onOneLine(command: string): string {
  const line = command.trim().replace(/\s*\n\s*/g, '; ');
  return line.length > SHOWN_COMMAND ? `${line.slice(0, SHOWN_COMMAND)}…` : line;
}
