const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML that stands as it is. */
export interface Html {
  readonly html: string;
}

/**
 * A template whose values are escaped, for text and for quoted attributes; HTML among them, also in lists,
 * stands as it is. Not called `html`: the formatter would close what a template leaves open.
 */
export function markup(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  const parts = texts.map(
    (text, at) => text + (at < values.length ? htmlOf(values[at] ?? '') : ''),
  );
  return { html: parts.join('') };
}

function htmlOf(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escaped(value);
  return 'html' in value ? value.html : value.map(htmlOf).join('');
}

/** Other control characters than line ends have no place in HTML. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '\u{fffd}');
}

/** A relative link to a file: separators stay, everything else is encoded. */
export function linkTo(...parts: readonly string[]): string {
  const path = parts.filter((part) => part !== '').join('/');
  return path
    .split(/[\\/]/)
    .map((name) => encodeURIComponent(name.toWellFormed()))
    .join('/');
}
