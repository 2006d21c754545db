import { crc32c } from './crc32c.ts';

/** A refusal, in the words of the real service where a client reads them. */
export class GcsFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface ObjectMetadata {
  readonly name?: string;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  /** The checksum that the object must have; base64. */
  readonly crc32c?: string;
}

export interface StoredGcsObject extends ObjectMetadata {
  readonly name: string;
  readonly contentType: string;
  readonly crc32c: string;
  /** Another one for each object that is put under a name. */
  readonly generation: string;
  readonly bytes: Buffer;
  readonly acl?: string;
}

interface Session {
  readonly parameters: URLSearchParams;
  readonly metadata: ObjectMetadata;
  readonly chunks: Buffer[];
  /** How many bytes are in the chunks. */
  length: number;
  done?: StoredGcsObject;
}

interface Chunk {
  /** Positions of its first and last byte in the object; absent in a question for the state. */
  readonly first?: number;
  readonly last?: number;
  /** Size of the object, in the last chunk. */
  readonly total?: number;
  readonly hash?: string;
}

export type Access = 'fine-grained' | 'uniform' | 'public access prevented';

const CHUNK_UNIT = 256 * 1024;
const ACLS = new Set(['authenticatedRead', 'bucketOwnerFullControl', 'bucketOwnerRead']);
ACLS.add('private').add('projectPrivate').add('publicRead');

/** The objects of a bucket and the uploads to it. */
export class GcsObjects extends Map<string, StoredGcsObject> {
  /** What the bucket says to ACLs on objects. */
  access: Access = 'fine-grained';
  /** Bytes at most that the next chunk keeps: the service may keep fewer than it was sent. */
  keepOfNextChunk: number | undefined;
  readonly #sessions = new Map<string, Session>();
  #generations = 0;

  /** Stores an object, if everything about it is right. */
  put(parameters: URLSearchParams, metadata: ObjectMetadata, bytes: Buffer): StoredGcsObject {
    const acl = this.#checkedAcl(parameters);
    const name = checkedName(parameters, metadata);
    const calculated = crc32c(bytes);
    if (metadata.crc32c !== undefined && metadata.crc32c !== calculated) {
      const text = `Provided CRC32C "${metadata.crc32c}" doesn't match calculated CRC32C "${calculated}".`;
      throw new GcsFailure(400, text);
    }
    const contentType = metadata.contentType ?? 'application/octet-stream';
    const generation = String(++this.#generations);
    const told = { ...metadata, name, contentType, crc32c: calculated, generation };
    const object = { ...told, bytes, ...(acl !== undefined && { acl }) };
    this.set(name, object);
    return object;
  }

  /** Begins an upload in chunks; its id. */
  begin(parameters: URLSearchParams, metadata: ObjectMetadata): string {
    this.#checkedAcl(parameters);
    checkedName(parameters, metadata);
    const id = `session-${this.#sessions.size + 1}`;
    this.#sessions.set(id, { parameters, metadata, chunks: [], length: 0 });
    return id;
  }

  /** Forgets all uploads in chunks, as the service does after a week or a failure. */
  loseSessions(): void {
    this.#sessions.clear();
  }

  /** The object if it is complete, else the bytes kept so far. */
  append(id: string, body: Buffer, chunk: Chunk): StoredGcsObject | number {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new GcsFailure(404, 'No such upload.');
    if (session.done !== undefined) return session.done;
    const { first, last, total, hash } = chunk;
    if (first === undefined || last === undefined) return session.length;
    checkChunk(body, { first, last, total }, session.length);
    const kept = body.subarray(session.length - first, this.keepOfNextChunk);
    this.keepOfNextChunk = undefined;
    session.chunks.push(kept);
    session.length += kept.length;
    if (total === undefined || session.length < total) return session.length;
    const sum = /crc32c=([^,]+)/.exec(hash ?? '')?.[1];
    const metadata = { ...session.metadata, ...(sum !== undefined && { crc32c: sum }) };
    session.done = this.put(session.parameters, metadata, Buffer.concat(session.chunks));
    return session.done;
  }

  #checkedAcl(parameters: URLSearchParams): string | undefined {
    const acl = parameters.get('predefinedAcl') ?? undefined;
    if (acl === undefined) return undefined;
    if (!ACLS.has(acl)) throw new GcsFailure(400, `Invalid predefined ACL: ${acl}`);
    if (this.access === 'uniform') {
      throw new GcsFailure(
        400,
        'Cannot insert legacy ACL for an object when uniform bucket-level access is enabled. Read more at https://cloud.google.com/storage/docs/uniform-bucket-level-access',
      );
    }
    if (this.access === 'public access prevented' && acl === 'publicRead') {
      throw new GcsFailure(
        412,
        'The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention is enforced.',
      );
    }
    return acl;
  }
}

function checkedName(parameters: URLSearchParams, { name }: ObjectMetadata): string {
  const asked = parameters.get('name') ?? name;
  if (asked === undefined || asked === '') throw new GcsFailure(400, 'Required');
  if (name !== undefined && name !== asked) {
    throw new GcsFailure(400, 'Value in metadata and in the query must be the same.');
  }
  if (Buffer.byteLength(asked) > 1024 || /[\r\n]/.test(asked) || /^\.\.?$/.test(asked)) {
    throw new GcsFailure(400, 'Invalid object name.');
  }
  return asked;
}

function checkChunk(
  body: Buffer,
  { first, last, total }: { first: number; last: number; total: number | undefined },
  kept: number,
): void {
  if (last - first + 1 !== body.length) {
    throw new GcsFailure(400, 'Content-Range and the length of the body differ.');
  }
  if (first > kept) throw new GcsFailure(503, 'The chunk leaves a gap.');
  if (total === undefined && body.length % CHUNK_UNIT !== 0) {
    throw new GcsFailure(400, 'All chunks but the last must be multiples of 256 KiB.');
  }
  if (total !== undefined && last + 1 > total) throw new GcsFailure(400, 'Beyond the end.');
}
