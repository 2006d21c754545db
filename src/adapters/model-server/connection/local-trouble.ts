const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/plugin failed with error: (?:Error: )?(.*)/, 'was not called, because there is no token ($1)'],
  [/ECONNREFUSED/, 'refused the connection'],
  [/EHOSTUNREACH|ENETUNREACH|EHOSTDOWN/, 'cannot be reached'],
  [/ETIMEDOUT|Waiting for LB pick/, 'did not accept a connection in time'],
  [/Received HTTP status code (\d+)/, 'is behind a proxy that answers HTTP $1'],
  [/Protocol error/, 'does not speak gRPC'],
  [/ECONNRESET|EPIPE|RST_STREAM|GOAWAY|dropped|closed/i, 'closed the connection'],
  [/keepalive|ping/i, 'stopped responding'],
];

/**
 * What gRPC says when there is no answer, as the end of a sentence that begins with an address: its own words name load
 * balancers and resolvers, which tell an operator nothing.
 */
export function localTrouble(details: string): string {
  for (const [pattern, phrase] of PHRASES) {
    const found = pattern.exec(details);
    if (found !== null) return phrase.replace('$1', found[1] ?? '');
  }
  const cause = causeIn(details);
  return cause === '' ? 'cannot be reached' : `cannot be reached (${cause})`;
}

/** The last error in the words of gRPC, for example that of a certificate. */
function causeIn(details: string): string {
  const [, last = details] = /Last error: (.*?)(?:\. Resolution note:|$)/s.exec(details) ?? [];
  return last
    .replace(/^(?:[A-Za-z]*Error: )+/, '')
    .replace(/ \(\d{4}-\d\d-\d\dT[^)]*\)$/, '')
    .replace(/^(?:No connection established|Failed to connect)$/, '')
    .trim();
}
