import type { CertificatesStep } from '../../plan/plan.js';
import {
  encodeCertificates,
  signingAuthority,
  type ClusterCertificates,
} from '../certificates/cluster-certificates.js';
import { nextCertificates, type CertificatesOrder } from '../certificates/next-certificates.js';
import { openCertificates } from '../certificates/open-certificates.js';
import { subjectOf } from '../certificates/why-certify.js';
import { changeAsHolder } from '../change-as-holder.js';
import type { OperationContext } from '../context.js';
import type { JournalData } from '../journal.js';
import type { StepOutcome } from '../run-steps.js';
import { CERTIFICATES_SECRET } from '../secret-names.js';

/**
 * Makes certificates, or changes which authorities are trusted, in the store alone: nodes hear of it when they converge.
 * Keys stay out of the journal.
 */
export async function performCertificatesStep(step: CertificatesStep, context: OperationContext): Promise<StepOutcome> {
  const detail = await context.journal.effect({
    stepId: step.id,
    name: { kind: `certificates-${step.act}` },
    ref: { nodes: step.nodes },
    act: async () => describe(await changeCertificates(step, context), step),
  });
  return { state: 'done', detail };
}

async function changeCertificates(step: CertificatesStep, context: OperationContext): Promise<ClusterCertificates> {
  const { deps, cluster } = context;
  const { certifier, sealer, clock } = deps;
  const current = await openCertificates(deps, cluster.id);
  const maker = { certifier, clusterName: cluster.name, nowMs: clock.now() };
  const next = await nextCertificates(current, orderOf(step, context), maker);
  const sealed = await sealer.seal(encodeCertificates(next));
  await changeAsHolder(context, (tables) => tables.secrets.put(cluster.id, CERTIFICATES_SECRET, sealed));
  return next;
}

function orderOf(step: CertificatesStep, { workspace, operation }: OperationContext): CertificatesOrder {
  return {
    act: step.act,
    nodes: step.nodes.map((name) => ({ name, subject: subjectOf(workspace.nodeRecord(name)) })),
    known: new Set(workspace.records.map(({ name }) => name)),
    operation: operation.id,
  };
}

/** What the journal keeps: serial numbers. */
function describe(certificates: ClusterCertificates, { nodes }: CertificatesStep): JournalData {
  return {
    authority: signingAuthority(certificates).serial,
    trusted: certificates.authorities.map(({ serial }) => serial),
    nodes: Object.fromEntries(nodes.map((name) => [name, certificates.nodes[name]?.serial ?? null])),
  };
}
