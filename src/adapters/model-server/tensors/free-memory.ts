/** Smaller messages are not worth the trouble. */
const LEAST_BYTES = 64 * 1024;
/** What gRPC puts before a message. */
const FRAME_HEADER_BYTES = 5;

/**
 * Frees the memory of a large message at once; the message is empty afterwards. The garbage collector would
 * free it too, but late: until then the next messages take fresh memory, and the garbage makes it run more
 * often. Does nothing if there is more in the memory than the message.
 */
export function freeMemory({ buffer, byteLength }: Uint8Array): void {
  const isAlone = buffer.byteLength - byteLength <= FRAME_HEADER_BYTES;
  if (buffer instanceof ArrayBuffer && isAlone && byteLength >= LEAST_BYTES) buffer.transfer(0);
}
