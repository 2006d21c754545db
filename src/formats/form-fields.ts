/** Pairs as Python's `urllib.parse.urlencode` writes them: `key=value&key=value`, blanks as `+`. */
export function formFields(pairs: Iterable<readonly [key: string, value: string]>): string {
  return Array.from(pairs, ([key, value]) => `${quotePlus(key)}=${quotePlus(value)}`).join('&');
}

/** All but letters, digits and `_.-~` is percent-encoded. */
function quotePlus(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
