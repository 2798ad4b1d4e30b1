/**
 * The order in which go-yaml writes keys: digits by the number they make, letters after everything else
 * (go.yaml.in/yaml/v2, sorter.go).
 */
export function naturally(one: string, two: string): number {
  const [a, b] = [Array.from(one), Array.from(two)];
  const at = a.findIndex((character, index) => character !== b[index]);
  if (at === -1 || at >= b.length) return a.length - b.length;
  const [first, second] = [a[at]!, b[at]!];
  const letters = [isLetter(first), isLetter(second)] as const;
  if (letters[0] && letters[1]) return byCode(first, second);
  if (letters[0] || letters[1]) return letters[1] ? -1 : 1;
  // A zero in the middle of a number is a digit like any other; a leading zero is ignored.
  const isInside = (first === '0' || second === '0') && isInNumber(a, at);
  const [x, y] = [numberAt(a, at, isInside), numberAt(b, at, isInside)];
  if (x.value !== y.value) return x.value < y.value ? -1 : 1;
  return x.end === y.end ? byCode(first, second) : x.end - y.end;
}

const isLetter = (character: string): boolean => /^\p{L}$/u.test(character);
const isDigit = (character: string | undefined): boolean => character !== undefined && /^\p{Nd}$/u.test(character);
const byCode = (one: string, two: string): number => one.codePointAt(0)! - two.codePointAt(0)!;

function isInNumber(characters: readonly string[], at: number): boolean {
  for (let index = at - 1; index >= 0 && isDigit(characters[index]); index--) {
    if (characters[index] !== '0') return true;
  }
  return false;
}

/** In 64 bits, as Go counts. */
function numberAt(characters: readonly string[], at: number, isInside: boolean): { value: bigint; end: number } {
  let value = isInside ? 1n : 0n;
  let end = at;
  for (; isDigit(characters[end]); end++) {
    value = BigInt.asIntN(64, value * 10n + BigInt(characters[end]!.codePointAt(0)! - 48));
  }
  return { value, end };
}
