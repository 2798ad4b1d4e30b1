import { tableOf } from '../../format/table-of.ts';
/** Go's escapes of one letter (https://go.dev/ref/spec#Rune_literals). */
const LETTERS: Readonly<Record<string, string>> = tableOf({
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
});

const PIECE = /[^\\]+|\\(?:([abfnrtv\\'"])|x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([0-7]{3}))/giy;

/** The text within quotes of either kind, by Go's rules; undefined when an escape is not one of Go's. */
export function unquote(source: string): string | undefined {
  const quote = source.charAt(0);
  const inner = source.slice(1, -1);
  // Escapes of single bytes may be parts of one character.
  const bytes: Buffer[] = [];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < inner.length) {
    const match = PIECE.exec(inner);
    if (match === null) return undefined;
    const [sequence, letter, byte, short, long, octal] = match;
    const code = Number.parseInt(short ?? long ?? '0', 16);
    if (code > 0x10ffff) return undefined;
    if (letter !== undefined) {
      const text = letter === quote ? quote : LETTERS[letter];
      if (text === undefined) return undefined;
      bytes.push(Buffer.from(text));
    } else if (byte !== undefined) bytes.push(Buffer.from([Number.parseInt(byte, 16)]));
    else if (octal !== undefined) bytes.push(Buffer.from([Number.parseInt(octal, 8) & 0xff]));
    else bytes.push(Buffer.from(short === undefined && long === undefined ? sequence : String.fromCodePoint(code)));
  }
  return Buffer.concat(bytes).toString('utf8');
}
