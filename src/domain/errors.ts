/** How an error code is answered and logged. `status` is the HTTP status when nothing else was answered. */
export interface ErrorKind {
  readonly status: number;
  readonly logLevel: 'debug' | 'warn' | 'error';
  /** What it means and what to do, for docs/errors.md. */
  readonly meaning: string;
}

/** Every foreseen failure. docs/errors.md lists the same keys; a test holds the two together. */
export const errorCatalogue = {
  UNAUTHENTICATED: {
    status: 401,
    logLevel: 'debug',
    meaning:
      'No credential, or one that is malformed, expired, revoked or not ours. Sign in again or renew the key.',
  },
  FORBIDDEN: {
    status: 403,
    logLevel: 'debug',
    meaning: 'The credential is good, but its role may not do this. Use a credential of a role that may.',
  },
  NOT_FOUND: {
    status: 404,
    logLevel: 'debug',
    meaning: 'No such thing in this shop (or not yours to see: the answer is the same).',
  },
  BAD_USER_INPUT: {
    status: 400,
    logLevel: 'debug',
    meaning:
      'An argument is outside what the field documents. The message says what was expected and what came.',
  },
  UNAVAILABLE: {
    status: 503,
    logLevel: 'warn',
    meaning:
      'The database or another part cannot be reached just now. Nothing was written; try again after a second.',
  },
  MODEL_NOT_TRAINED: {
    status: 409,
    logLevel: 'warn',
    meaning:
      'No published model of this name in this shop. Train one first (affinity train, or trainingStart).',
  },
  ARTIFACT_DAMAGED: {
    status: 500,
    logLevel: 'error',
    meaning: 'A model artifact fails its checksum or header. The last good one keeps serving; train again.',
  },
  MIGRATION_DRIFT: {
    status: 500,
    logLevel: 'error',
    meaning: 'The database and prisma/migrations disagree. The start stopped before changing anything.',
  },
  CONFIG_INVALID: {
    status: 500,
    logLevel: 'error',
    meaning: 'One or more environment variables are out of range. The message names every one.',
  },
  IMPORT_INVALID: {
    status: 400,
    logLevel: 'error',
    meaning: 'The file or the mapping cannot be imported as given. The message says what was expected.',
  },
  EVALUATION_INVALID: {
    status: 400,
    logLevel: 'error',
    meaning:
      'The evaluation data or its options cannot be used as given. The message says what was expected.',
  },
  TRAINING_DATA_INSUFFICIENT: {
    status: 409,
    logLevel: 'warn',
    meaning:
      'Too few interactions to train this model. The details say how many are needed and how many there are.',
  },
  ENCODER_INVALID: {
    status: 500,
    logLevel: 'error',
    meaning:
      'The encoder of product texts is missing, refuses us, or answers what cannot be used. The message says which.',
  },
  CANCELLED: {
    status: 499,
    logLevel: 'debug',
    meaning: 'The work was cancelled before it ended; nothing was published.',
  },
} as const satisfies Record<string, ErrorKind>;

/** A key of {@link errorCatalogue}. */
export type ErrorCode = keyof typeof errorCatalogue;

/** Ids and numbers that help to act on an error; never personal data. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A foreseen failure. The message says what was expected, what came, and the remedy. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
