import { GcsFailure, type ObjectMetadata } from '../../fakes/gcs-objects.ts';

interface Parts {
  readonly metadata: ObjectMetadata;
  readonly type: string;
  readonly bytes: Buffer;
}

/** The two parts of a body of type multipart/related (RFC 2387): metadata as JSON, and bytes. */
export function partsOf(contentType: string, body: Buffer): Parts {
  const boundary = /^multipart\/related;.*boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) throw new GcsFailure(400, 'Missing multipart boundary.');
  const parts = split(body, `--${boundary}`);
  const [first, second] = parts;
  if (first === undefined || second === undefined || parts.length !== 2) {
    throw new GcsFailure(400, 'There must be two parts: metadata and media.');
  }
  if (!first.type.startsWith('application/json')) {
    throw new GcsFailure(400, 'The first part must be JSON.');
  }
  return {
    // The caller checks each field that it uses.
    metadata: JSON.parse(first.bytes.toString()) as ObjectMetadata,
    type: second.type,
    bytes: second.bytes,
  };
}

interface Part {
  readonly type: string;
  readonly bytes: Buffer;
}

function split(body: Buffer, delimiter: string): Part[] {
  const parts: Part[] = [];
  let at = body.indexOf(delimiter);
  for (;;) {
    const start = at + delimiter.length + 2;
    if (at < 0 || body.subarray(start - 2, start).toString() === '--') return parts;
    at = body.indexOf(`\r\n${delimiter}`, start);
    if (at < 0) throw new GcsFailure(400, 'The multipart body has no end.');
    parts.push(partOf(body.subarray(start, at)));
    at += 2;
  }
}

function partOf(part: Buffer): Part {
  const end = part.indexOf('\r\n\r\n');
  const type = /^content-type:\s*(.+)$/im.exec(part.subarray(0, end).toString())?.[1] ?? '';
  return { type: type.trim(), bytes: part.subarray(end + 4) };
}
