import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ERROR_CATALOGUE } from '../errors.ts';
import { duration } from './duration.ts';
import type { Answer } from './http.ts';
import { RUNBOOK_LINKS } from './runbooks.ts';

const page = part('page.html');
const style = part('page.css');
const script = `const duration = ${duration.toString()};\n${part('page.js')}`;
const remedies = json(
  Object.fromEntries(Object.entries(ERROR_CATALOGUE).map(([code, { remedy }]) => [code, remedy])),
);

const runbooks = json(RUNBOOK_LINKS);

/** The page at `/`, complete in itself: a browser may load nothing for it but `/status`. */
export const STATUS_PAGE: Answer = {
  status: 200,
  type: 'text/html; charset=utf-8',
  headers: {
    'content-security-policy': [
      "default-src 'none'",
      `style-src '${hashOf(style)}'`,
      `script-src '${hashOf(script)}'`,
      "connect-src 'self'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  },
  body: page
    .replace(/(?<=<style>).*(?=<\/style>)/s, () => style)
    .replace(/(?<=id="remedies">).*?(?=<\/script>)/s, () => remedies)
    .replace(/(?<=id="runbooks">).*?(?=<\/script>)/s, () => runbooks)
    .replace(/(?<=<script>).*(?=<\/script>)/s, () => script),
};

/** A value for an element of the page that holds JSON. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function part(name: string): string {
  return readFileSync(new URL(`status-page/${name}`, import.meta.url), 'utf8');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
