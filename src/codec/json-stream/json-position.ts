const BLANKS = /[ \t\n\r]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORD = /true|false|null/y;

/** The next expected token: a value, the first element of a list or object, a key, or the token after a value. */
type Expected = 'value' | 'first item' | 'first key' | 'key' | 'next';

/**
 * Where a text stops being JSON (RFC 8259): the offset of the first character that cannot be there, or the text's length
 * when it just ends too early. V8's messages have a place for some mistakes only. Undefined for JSON.
 */
export function jsonMistake(text: string): number | undefined {
  const open: ('[' | '{')[] = [];
  let at = 0;
  let expected: Expected = 'value';
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at += found[0].length;
    return found !== null;
  };
  /** No pattern: a text may be longer than what an expression can step back through. */
  const takeString = (): boolean => {
    if (text.charAt(at) !== '"') return false;
    for (at++; at < text.length; at++) {
      const character = text.charAt(at);
      if (character === '"') {
        at++;
        return true;
      }
      if (character < ' ') return false;
      if (character !== '\\') continue;
      if (!take(ESCAPE)) return false;
      // The loop steps over its last character.
      at--;
    }
    return false;
  };
  for (;;) {
    take(BLANKS);
    const character = text.charAt(at);
    if (expected === 'next') {
      const innermost = open.at(-1);
      if (innermost === undefined) return at < text.length ? at : undefined;
      if (character === ',') expected = innermost === '{' ? 'key' : 'value';
      else if (character === (innermost === '{' ? '}' : ']')) open.pop();
      else return at;
      at++;
    } else if (expected === 'first item' && character === ']') {
      open.pop();
      at++;
      expected = 'next';
    } else if (expected === 'first key' && character === '}') {
      open.pop();
      at++;
      expected = 'next';
    } else if (expected === 'first key' || expected === 'key') {
      if (!takeString()) return at;
      take(BLANKS);
      if (text.charAt(at) !== ':') return at;
      at++;
      expected = 'value';
    } else if (character === '[' || character === '{') {
      open.push(character);
      at++;
      expected = character === '[' ? 'first item' : 'first key';
    } else if (takeString() || take(NUMBER) || take(WORD)) expected = 'next';
    else return at;
  }
}
