/** Words that YAML 1.1 takes for something else than a text. */
const WORDS = new Set(
  'y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF ~ null Null NULL'
    .split(' ')
    .concat('.nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF'.split(' ')),
);
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INTEGER = /^[-+]?(?:(0[xX][0-9a-fA-F]+)|(0[bB][01]+)|(0[oO]?[0-7]+)|([1-9][0-9]*|0))$/;
const TIMESTAMP =
  /^\d{4}-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/;

/** Whether a text without quotes would be read as a text again (go.yaml.in/yaml/v2, resolve.go and encode.go). */
export function readsAsText(text: string): boolean {
  if (text === '' || WORDS.has(text) || BASE_60.test(text)) return false;
  const first = text[0]!;
  if (first === '.') return !isFloat(text);
  if (!/[-+0-9]/.test(first)) return true;
  const plain = text.replaceAll('_', '');
  return !isTimestamp(text) && !isInteger(plain) && !isFloat(plain);
}

const isFloat = (text: string): boolean => FLOAT.test(text) && Number.isFinite(Number(text));

/** An integer of 64 bits, with or without a sign. */
function isInteger(text: string): boolean {
  const [, hex, binary, octal, decimal] = INTEGER.exec(text) ?? [];
  const digits = hex ?? binary ?? (octal === undefined ? decimal : `0o${octal.replace(/^0[oO]?/, '')}`);
  if (digits === undefined) return false;
  const value = BigInt(digits.toLowerCase() === '0o' ? '0' : digits.toLowerCase());
  return text.startsWith('-') ? value <= 2n ** 63n : value < 2n ** 64n;
}

function isTimestamp(text: string): boolean {
  const found = TIMESTAMP.exec(text);
  if (found === null) return false;
  const [, month = '', day = '', ...times] = found;
  const [hour = '0', minute = '0', second = '0'] = times.filter((each) => each !== undefined);
  const year = Number(text.slice(0, 4));
  const days = new Date(Date.UTC(year, Number(month), 0)).getUTCDate();
  return (
    Number(month) >= 1 &&
    Number(month) <= 12 &&
    Number(day) >= 1 &&
    Number(day) <= days &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60
  );
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

/** How a text is written; `isKey` where it is the key of a mapping (emitterc.go, analyze_scalar and select_scalar_style). */
export function styleOf(text: string, isKey: boolean): ScalarStyle {
  if (text === '') return 'double';
  const isSpecial = SPECIAL.test(text) || / [\n\u2028\u2029]/.test(text);
  const hasBreaks = /[\n\u2028\u2029]/.test(text);
  if (text.includes('\n')) return isSpecial || isKey || text.endsWith(' ') ? 'double' : 'literal';
  if (!readsAsText(text)) return 'double';
  if (isKey && hasBreaks) return 'double';
  if (!isSpecial && !hasBreaks && !/^ | $/.test(text) && !INDICATORS.test(text)) return 'plain';
  return isSpecial || /[\u2028\u2029] /.test(text) ? 'double' : 'single';
}

/** Characters with a meaning in YAML: at the beginning, before a blank, after one. */
const INDICATORS = /^---|^\.\.\.|^[#,[\]{}&*!|>'"%@`]|^[-?:](?:[ \t]|$)|:(?:[ \t]|$)|(?:^|[ \t\0\u2028\u2029])#/;

/** Anything but printable characters of the basic plane and line breaks: go-yaml knows no others as printable. */
// oxlint-disable-next-line no-control-regex
const SPECIAL = /[\0-\x09\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]|[\ud800-\udfff]/;

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
]);

/** A character within double quotes; undefined where it stands for itself. */
export function escaped(character: string): string | undefined {
  if (!SPECIAL.test(character) && !/[\n\u2028\u2029"\\]/.test(character)) return undefined;
  const code = character.codePointAt(0)!;
  const short = ESCAPES.get(code);
  if (short !== undefined) return `\\${short}`;
  const [letter, length] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return `\\${letter}${code.toString(16).toUpperCase().padStart(length, '0')}`;
}
