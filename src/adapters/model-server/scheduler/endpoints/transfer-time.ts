/** Milliseconds a mebibyte, whatever the server computes: gRPC on both sides and the network between them. */
const MS_PER_MIB = 5;

/** About the time in which rows of so many bytes come to a server and as many bytes come back. */
export function travelMs(bytes: number): number {
  return (MS_PER_MIB * bytes) / 2 ** 20;
}
