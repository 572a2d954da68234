import { createHash } from 'node:crypto';
import type { Content } from './route.ts';

/** An answer that is not JSON, with what a browser has to know about it. */
export interface RichContent extends Content {
  /** Stands in for the default `default-src 'none'; frame-ancestors 'none'`. */
  readonly contentSecurityPolicy?: string;
  /** Of what is shown, on a route that is `versioned`: the `ETag`. */
  readonly version?: number;
  /** Other forms of the same thing; the caller's `Accept` chooses, and the content itself is the default. */
  readonly alternatives?: readonly Content[];
}

export const HTML = 'text/html; charset=utf-8';
export const JSON_DOCUMENT = 'application/json';
export const PDF = 'application/pdf';

/**
 * A page of ours: it runs no script, loads nothing, is framed by nobody, and its only style sheets are those given,
 * allowed by their hash (CSP Level 3, section 2.3.1). Forms may only be sent to us.
 */
export const htmlPage = (html: string, styles: readonly string[]): RichContent => ({
  contentType: HTML,
  content: html,
  contentSecurityPolicy: [
    "default-src 'none'",
    `style-src ${styles.map((style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`).join(' ')}`,
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
});

/** Text in HTML, also inside a double-quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
