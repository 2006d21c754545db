import { S3ServiceException } from '@aws-sdk/client-s3';
import { KnownError, classify } from '../../errors.ts';
import { type Meaning, meaningOf, objectError } from './object-error.ts';

interface Circumstances {
  readonly key: string;
  readonly bucketUrl: string;
  readonly signal: AbortSignal;
}

/** Errors whose status alone would mislead: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  AuthorizationHeaderMalformed: 'bad credentials',
  CredentialsProviderError: 'bad credentials',
  ExpiredToken: 'bad credentials',
  ExpiredTokenException: 'bad credentials',
  InvalidAccessKeyId: 'bad credentials',
  InvalidToken: 'bad credentials',
  RequestTimeTooSkewed: 'bad credentials',
  SignatureDoesNotMatch: 'bad credentials',
  TokenRefreshRequired: 'bad credentials',
  BadDigest: 'corrupt',
  InvalidDigest: 'corrupt',
  XAmzContentChecksumMismatch: 'corrupt',
  XAmzContentSHA256Mismatch: 'corrupt',
  NoSuchBucket: 'no bucket',
  // The upload in parts, not the object: it has been lost, and must begin anew.
  NoSuchUpload: 'unavailable',
  OperationAborted: 'unavailable',
  RequestTimeout: 'unavailable',
};

/** What went wrong with a request to S3, in our words. */
export function s3Error(error: unknown, { key, bucketUrl, signal }: Circumstances): KnownError {
  if (error instanceof KnownError) return error;
  if (signal.aborted) return classify(signal.reason);
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  return objectError({ error, key, bucketUrl, status, meaning: meaning(error, status) });
}

function meaning(error: unknown, status: number | undefined): Meaning {
  if (!(error instanceof Error)) return meaningOf(status);
  // The SDK gives this error no name of its own.
  if (error.message.startsWith('Checksum mismatch')) return 'corrupt';
  return MEANINGS[error.name] ?? meaningOf(status);
}
