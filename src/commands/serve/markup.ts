import { escapeText } from '../../render/escape.ts';

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** As a value that is sent back: only what would be markup is replaced. */
export const plain = (value: string): string => value.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? '');

/** As it is read: characters that act or hide are spelled out, as on a terminal. */
export const text = (value: string): string => plain(escapeText(value));

/** A name for a list: a span may have one of a megabyte. */
export const shortened = (name: string): string =>
  name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME).replace(/[\ud800-\udbff]$/, '')}…`;

const MAX_NAME = 200;
