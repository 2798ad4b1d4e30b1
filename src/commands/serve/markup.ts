import { escapeText } from '../../render/escape.ts';
import type { ListCell, ListRow } from './list-rows.ts';

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** As a value that is sent back: only what would be markup is replaced. */
export const plain = (value: string): string => value.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? '');

/** As it is read: characters that act or hide are spelled out, as on a terminal. */
export const text = (value: string): string => plain(escapeText(value));

export const rowOf = ({ id, cells }: ListRow): string => `<tr data-id="${id}">${cells.map(cellOf).join('')}</tr>`;

/** The text of a cell is made to be read; only what would be markup is replaced. */
function cellOf(cell: ListCell): string {
  const { href } = cell;
  const words = plain(cell.text);
  return `<td${classOf(cell)}>${href === undefined ? words : `<a href="${plain(href)}">${words}</a>`}</td>`;
}

export const classOf = ({ class: name }: ListCell): string => (name === undefined ? '' : ` class="${name}"`);
