import type { JSONValue } from '../../report/json-value.ts';

/** A value as kubectl's JSONPath prints it: texts as they are, lists and objects as compact JSON. */
export function textOf(value: JSONValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  return typeof value === 'object' && value !== null ? goJSON(value) : String(value);
}

/** Go's %v: an exponent of at least two digits from 21 places before the point, or from 5 behind it. */
function numberText(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-4 && size < 1e21)) return String(value);
  const [digits, exponent = ''] = value.toExponential().split('e');
  return `${digits}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`;
}

/** encoding/json: keys in order, and nothing that HTML or JavaScript could misunderstand. */
function goJSON(value: JSONValue): string {
  const sorted = (_: string, member: unknown): unknown =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member;
  return JSON.stringify(value, sorted).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
