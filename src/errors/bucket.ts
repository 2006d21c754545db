import type { CatalogueEntry } from './entry.ts';

/** What the object store may answer. */
export const BUCKET_ERRORS = {
  missing_object: {
    kind: 'bad_input',
    cause: 'The bucket has no object with the name that the job gives.',
    remedy: 'Check input_file_name, or upload it again: uploads are deleted after three days.',
  },
  forbidden_object: {
    kind: 'bad_input',
    cause: 'The name of the object is not allowed, or the object cannot be read as it is stored.',
    remedy: 'Check input_file_name; the message says what is wrong with the object.',
  },
  access_denied: {
    kind: 'refused',
    cause: 'The object store does not let the consumer read or write the object.',
    remedy: 'Check input_file_name and the rights on the bucket. Jobs wait while it serves none.',
  },
  bucket_refused: {
    kind: 'refused',
    cause: 'The object store refused a request for a reason that the consumer does not know.',
    remedy: 'The message quotes the store. Jobs wait while it serves none.',
  },
  bucket_unavailable: {
    kind: 'unavailable',
    cause:
      'The object store could not be reached, throttled the request or dropped the connection.',
    remedy: 'Check the object store; the operation is retried.',
  },
  bucket_corrupt_transfer: {
    kind: 'unavailable',
    cause: 'The bytes received or stored do not match their checksum.',
    remedy: 'None if it passes; otherwise suspect the network or a proxy.',
  },
  bucket_auth: {
    kind: 'fatal',
    cause: 'The object store refused the credentials of the consumer.',
    remedy: 'Check the service account or the AWS_* variables.',
  },
  bucket_misconfigured: {
    kind: 'fatal',
    cause:
      'The object store refuses every request because of a setting: its name, region or payer.',
    remedy: 'The message quotes the store and names the setting to correct.',
  },
} as const satisfies Record<string, CatalogueEntry>;
