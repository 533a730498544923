/** How an error is returned and logged. `status` is the HTTP status when the response has no data. */
export interface ErrorKind {
  readonly status: number;
  readonly logLevel: 'debug' | 'warn' | 'error';
  /** Meaning and remedy, for docs/errors.md. */
  readonly meaning: string;
}

/** All foreseen failures. docs/errors.md lists the same codes; a test checks that both agree. */
export const errorCatalogue = {
  UNAUTHENTICATED: {
    status: 401,
    logLevel: 'debug',
    meaning:
      'The credential is missing, malformed, expired, revoked or of another issuer. Sign in again or renew the key.',
  },
  FORBIDDEN: {
    status: 403,
    logLevel: 'debug',
    meaning:
      'The credential is valid, but its role does not permit this. Use a credential with a permitted role.',
  },
  NOT_FOUND: {
    status: 404,
    logLevel: 'debug',
    meaning:
      'The shop has nothing with this id, or the caller may not see it; the response does not say which. Check the id.',
  },
  BAD_USER_INPUT: {
    status: 400,
    logLevel: 'debug',
    meaning:
      'An argument is outside the documented range. The message gives the expected and the received value. Correct it.',
  },
  UNAVAILABLE: {
    status: 503,
    logLevel: 'warn',
    meaning:
      'The database or another service did not respond in time. What was sent may have been written. Send it again with the same ids after a second.',
  },
  DOCUMENT_NOT_TRUSTED: {
    status: 403,
    logLevel: 'debug',
    meaning:
      'The gateway executes only registered documents for this role, and this one is not in its manifest. Nothing was executed. Register it.',
  },
  OVERLOADED: {
    status: 503,
    logLevel: 'debug',
    meaning:
      'The gateway has more requests in progress than it can serve in time. Nothing was executed. Try again after the seconds of `Retry-After`.',
  },
  MODEL_NOT_TRAINED: {
    status: 409,
    logLevel: 'warn',
    meaning:
      'The shop has no published model with this name. Train one first (`affinity train` or `trainingStart`).',
  },
  ARTIFACT_DAMAGED: {
    status: 500,
    logLevel: 'error',
    meaning:
      'The checksum or header of a model artifact is invalid. The last valid artifact continues to serve. Train again.',
  },
  MIGRATION_DRIFT: {
    status: 500,
    logLevel: 'error',
    meaning:
      'The database does not match prisma/migrations. The start stopped before any change. Compare both, or restore a backup.',
  },
  CONFIG_INVALID: {
    status: 500,
    logLevel: 'error',
    meaning:
      'One or more environment variables are invalid. The message lists all of them. Correct them and start again.',
  },
  IMPORT_INVALID: {
    status: 400,
    logLevel: 'error',
    meaning:
      'The file or its mapping cannot be imported. The message gives what was expected. Correct it and import again.',
  },
  EVALUATION_INVALID: {
    status: 400,
    logLevel: 'error',
    meaning: 'The evaluation data or options are invalid. The message gives what was expected. Correct them.',
  },
  TRAINING_DATA_INSUFFICIENT: {
    status: 409,
    logLevel: 'warn',
    meaning:
      'There are too few interactions to train this model. The details give the required and the available number. Track or import more.',
  },
  ENCODER_INVALID: {
    status: 500,
    logLevel: 'error',
    meaning:
      'The encoder of product texts is missing, refuses requests, or returns unusable output. The message gives the cause. Correct its settings.',
  },
  CANCELLED: {
    status: 499,
    logLevel: 'debug',
    meaning: 'The work was cancelled before it ended. Nothing was published. Start it again if needed.',
  },
} as const satisfies Record<string, ErrorKind>;

/** A key of {@link errorCatalogue}. */
export type ErrorCode = keyof typeof errorCatalogue;

/** Ids and numbers that help to resolve an error. Never personal data. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A foreseen failure. Its message has three parts: what was expected, what was received, and the remedy. */
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
