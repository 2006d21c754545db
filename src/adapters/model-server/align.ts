const WORD = 8;
/** Below this a copy costs nothing worth mentioning. */
const SMALL = 4096;

/**
 * Moves large payloads of a message to multiples of eight bytes, over what lies before them in the message, so
 * that they can be read in place: four times cheaper than a copy. The rest of the message must have been read.
 * Payloads that are small, in place already, or have no room before them are returned as they are.
 *
 * @param payloads views on `message` that do not overlap
 */
export function alignPayloads(message: Uint8Array, payloads: readonly Uint8Array[]): Uint8Array[] {
  const aligned = new Map<Uint8Array, Uint8Array>();
  let free = message.byteOffset;
  for (const payload of payloads.toSorted((one, other) => one.byteOffset - other.byteOffset)) {
    const moved = align(message, payload, free);
    aligned.set(payload, moved);
    free = moved.byteOffset + moved.length;
  }
  return payloads.map((payload) => aligned.get(payload) ?? payload);
}

function align(message: Uint8Array, payload: Uint8Array, free: number): Uint8Array {
  const target = payload.byteOffset - (payload.byteOffset % WORD);
  const stays = payload.length < SMALL || target === payload.byteOffset || target < free;
  if (stays) return payload;
  const from = payload.byteOffset - message.byteOffset;
  const to = target - message.byteOffset;
  message.copyWithin(to, from, from + payload.length);
  return message.subarray(to, to + payload.length);
}
