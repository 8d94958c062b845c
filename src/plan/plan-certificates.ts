import type { ClusterView } from './cluster-view.js';
import { stepId, type CertificateAct } from './plan.js';
import type { StepList } from './step-list.js';

/** Makes the certificates that nodes lack or that are asked for, before anything runs on these nodes. */
export function planCertificates(view: ClusterView, list: StepList): void {
  const { recertified, certified, options } = view;
  if (recertified.size === 0) return;
  const act = options.certificates ?? 'issue';
  const step = {
    kind: 'certificates' as const,
    id: stepId('certificates', act),
    act,
    nodes: [...certified.keys()],
    after: [],
    why: whyOf(act, view),
  };
  list.leadOn([...recertified], list.add(step));
}

function whyOf(act: CertificateAct, { certified }: ClusterView): string {
  switch (act) {
    case 'trust':
      return 'another authority is to sign: all nodes trust both before it does';
    case 'drop':
      return 'nobody shows a certificate of the former authority any more';
    case 'issue':
    case 'sign':
      return `new certificates for ${String(certified.size)} nodes: ${distinctReasons(certified)}`;
  }
}

function distinctReasons(certified: ClusterView['certified']): string {
  return [...new Set(certified.values())].join('; ');
}
