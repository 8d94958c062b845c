import { BdeError } from '../errors/bde-error.js';

/** Nothing is at the path. */
export function missingIdentity(path: string): BdeError {
  return new BdeError(
    'IDENTITY_MISSING',
    `The operator identity ${path} is not there, and the store is sealed to it.`,
    {
      hint: `Restore ${path} from its backup, or set BDE_IDENTITY to where it is.`,
      subject: { file: path },
    },
  );
}

/** Something was sealed to another identity than the one at the path. */
export function otherIdentity(path: string, cause?: unknown): BdeError {
  return new BdeError('IDENTITY_MISSING', `The operator identity ${path} is not the one that this was sealed to.`, {
    hint: 'Set BDE_IDENTITY to the identity that sealed it.',
    subject: { file: path },
    cause,
  });
}

/** The file is there but cannot serve. `reason` completes the sentence and never quotes the file. */
export function invalidIdentity(path: string, reason: string, hint: string): BdeError {
  return new BdeError('IDENTITY_INVALID', `The operator identity ${path} ${reason}.`, {
    hint,
    subject: { file: path },
  });
}
