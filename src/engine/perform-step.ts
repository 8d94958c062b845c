import type { Step } from '../plan/plan.js';
import type { OperationContext } from './context.js';
import type { StepOutcome } from './run-steps.js';
import { performAcceptStep } from './steps/accept.js';
import { performAdoptStep } from './steps/adopt.js';
import { performBackupStep } from './steps/backup.js';
import { performCertificatesStep } from './steps/certificates.js';
import { performKeyStep } from './steps/converge.js';
import { performDestroyStep } from './steps/destroy.js';
import { performKeepStep } from './steps/keep.js';
import { performMachineStep } from './steps/machine.js';
import { performDrainStep } from './steps/drain.js';
import { performForgetStep } from './steps/forget.js';
import { performMembershipStep } from './steps/membership.js';
import { performPowerStep } from './steps/power.js';
import { performPublishStep } from './steps/publish.js';
import { performReadyStep } from './steps/ready.js';
import { performRecordStep } from './steps/record.js';
import { performRemoveStep } from './steps/remove.js';
import { performResizeStep } from './steps/resize.js';
import { performRestoreStep } from './steps/restore.js';
import { performRollStep } from './steps/roll.js';
import { performServicesStep } from './steps/services.js';
import { performWithdrawStep } from './steps/withdraw.js';

/** Performs one step of a cluster's plan. */
export function performStep(step: Step, context: OperationContext): Promise<StepOutcome> {
  switch (step.kind) {
    case 'machine':
      return performMachineStep(step, context);
    case 'publish':
      return performPublishStep(step, context);
    case 'certificates':
      return performCertificatesStep(step, context);
    case 'packages':
    case 'converge':
      return performKeyStep(step, context);
    case 'ready':
      return performReadyStep(step, context);
    case 'accept':
      return performAcceptStep(step, context);
    case 'record':
      return performRecordStep(step, context);
    case 'destroy':
      return performDestroyStep(step, context);
    case 'withdraw':
      return performWithdrawStep(step, context);
    case 'join':
    case 'leave':
      return performMembershipStep(step, context);
    case 'drain':
    case 'undrain':
      return performDrainStep(step, context);
    case 'services':
      return performServicesStep(step, context);
    case 'remove':
      return performRemoveStep(step, context);
    case 'power':
      return performPowerStep(step, context);
    case 'resize':
      return performResizeStep(step, context);
    case 'adopt':
      return performAdoptStep(step, context);
    case 'forget':
      return performForgetStep(step, context);
    case 'backup':
      return performBackupStep(step, context);
    case 'keep':
      return performKeepStep(step, context);
    case 'restore':
      return performRestoreStep(step, context);
    case 'roll':
      return performRollStep(step, context, (each) => performStep(each, context));
    case 'prepare':
      throw new TypeError('prepare steps belong to a plan of their own');
  }
}
