import { BdeError } from '../../errors/bde-error.js';
import { withBase } from '../../engine/desired-state.js';
import { openLinks } from '../../engine/open-links.js';
import type { CommandResult } from '../../engine/ports/nodes.js';
import { matchesSelection, type ConvergeSelection } from '../../engine/operations/selection.js';
import { stopSignalsOfProcess } from '../interrupt.js';
import { findCluster } from './find-cluster.js';
import { withEngine, type Surroundings } from './with-engine.js';

/** One command for a part of a cluster. */
export interface ExecOrder {
  readonly selection: ConvergeSelection;
  readonly argv: readonly string[];
}

/** Runs the command on every selected node at once and reports in the order of nodes. */
export async function execOnNodes(name: string, order: ExecOrder, surroundings: Surroundings) {
  if (order.argv.length === 0) {
    throw new BdeError('USAGE', 'There is no command to run.', {
      hint: 'Name it after --: bde cluster exec NAME -- uptime',
    });
  }
  const stop = stopSignalsOfProcess(surroundings.say);
  return withEngine({ ...surroundings, cluster: name }, async (deps) => {
    const cluster = await findCluster(deps.store, name);
    const nodes = (await deps.store.nodes.listNodes(cluster.id)).filter(
      (node) =>
        matchesSelection(order.selection, node) &&
        (order.selection.role === undefined || withBase(node.roles).includes(order.selection.role)),
    );
    if (nodes.length === 0) throw nothingSelected(name);
    const links = await openLinks(deps, cluster);
    try {
      const results = await Promise.all(
        nodes.map(async (node) => {
          const link = await links.to(node.name, stop.stopStarting);
          return { node: node.name, result: await link.command(order.argv, { signal: stop.stopStarting }) };
        }),
      );
      return report(results);
    } finally {
      await links.closeAll();
    }
  });
}

function report(results: readonly { readonly node: string; readonly result: CommandResult }[]) {
  return {
    lines: results.flatMap(({ node, result }) =>
      `${result.stdout}${result.stderr}`
        .trimEnd()
        .split('\n')
        .map((line) => `${node}: ${line}`),
    ),
    exitCode: results.map(({ result }) => result.exitCode ?? 255).find((code) => code !== 0) ?? 0,
    json: { formatVersion: 1, results: results.map(({ node, result }) => ({ node, ...result })) } as const,
  };
}

function nothingSelected(name: string): BdeError {
  return new BdeError('UNKNOWN_NODE', `No node of ${name} fits the selection.`, {
    subject: { cluster: name },
    hint: `See its nodes and roles with bde cluster show ${name}.`,
  });
}
