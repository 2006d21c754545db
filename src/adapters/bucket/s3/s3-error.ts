import { S3ServiceException } from '@aws-sdk/client-s3';
import {
  type Meaning,
  type StoreFailure,
  answerText,
  meaningOf,
  networkCode,
} from '../object-error.ts';
import { storeWords } from '../store-words.ts';

/** Errors whose status alone would mislead: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  AuthorizationHeaderMalformed: 'bad credentials',
  CredentialsProviderError: 'bad credentials',
  ExpiredToken: 'bad credentials',
  ExpiredTokenException: 'bad credentials',
  InvalidAccessKeyId: 'bad credentials',
  InvalidIdentityToken: 'bad credentials',
  InvalidToken: 'bad credentials',
  RequestTimeTooSkewed: 'bad credentials',
  SignatureDoesNotMatch: 'bad credentials',
  TokenRefreshRequired: 'bad credentials',
  BadDigest: 'corrupt',
  InvalidDigest: 'corrupt',
  XAmzContentChecksumMismatch: 'corrupt',
  XAmzContentSHA256Mismatch: 'corrupt',
  InvalidBucketName: 'misconfigured',
  IllegalLocationConstraintException: 'misconfigured',
  PermanentRedirect: 'misconfigured',
  InvalidObjectState: 'archived',
  KeyTooLongError: 'unusable',
  NoSuchBucket: 'no bucket',
  // The upload in parts is missing, not the object.
  NoSuchUpload: 'lost',
  OperationAborted: 'unavailable',
  RequestTimeout: 'unavailable',
};

const HINTS: Readonly<Partial<Record<string, string>>> = {
  CredentialsProviderError: 'STORAGE_ANONYMOUS=true reads a public bucket without any.',
  IllegalLocationConstraintException: 'Set AWS_REGION to the region of the bucket.',
  NoSuchBucket: 'Check STORAGE_BUCKET, and AWS_ENDPOINT_URL where the store is not Amazon.',
  PermanentRedirect: 'Set AWS_REGION to the region of the bucket.',
};

/** What an error of an S3 store, of its credentials or of the network means. */
export function explainS3(error: unknown): StoreFailure {
  if (!(error instanceof Error)) return { meaning: 'unavailable', what: networkCode(error) };
  // The SDK gives this error no name of its own.
  if (error.message.startsWith('Checksum mismatch')) return { meaning: 'corrupt', what: '' };
  const status = statusOf(error);
  const hint = HINTS[error.name];
  return {
    meaning: MEANINGS[error.name] ?? (isRedirect(status) ? 'misconfigured' : meaningOf(status)),
    what: whatOf(error, status),
    ...(hint !== undefined && { hint }),
  };
}

/** The SDK tells the status with its own errors, and with those of parsing an answer that is not XML. */
export function statusOf(error: Error): number | undefined {
  // A documented field: https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/error-handling.html
  const { $metadata } = error as Partial<Pick<S3ServiceException, '$metadata'>>;
  return $metadata?.httpStatusCode;
}

function isRedirect(status: number | undefined): boolean {
  return status !== undefined && status >= 300 && status < 400;
}

function whatOf(error: Error, status: number | undefined): string {
  if (status === undefined) {
    return error.name in MEANINGS ? storeWords(error.message) : networkCode(error);
  }
  return error instanceof S3ServiceException && error.message !== 'UnknownError'
    ? answerText(status, error.name, storeWords(error.message))
    : answerText(status, '', storeWords(pageIn(error)));
}

/**
 * The text of an answer that is no error of S3, such as a page of a proxy: the body, or its elements where it
 * is XML.
 */
function pageIn(error: Error): string {
  if ('$responseBodyText' in error) return textIn(error.$responseBodyText);
  return 'body' in error ? textIn(error.body) : '';
}

function textIn(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || depth === 5) return '';
  return Object.values(value)
    .map((part) => textIn(part, depth + 1))
    .join(' ');
}
