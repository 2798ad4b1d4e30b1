/** A word of a script: its text without quotes, and where it stands with them. */
export interface ScriptWord {
  readonly text: string;
  readonly from: number;
  readonly end: number;
}

/** Characters that end a word and begin another command. */
const ENDS_COMMAND = new Set(';&|()`\n');
const ENDS_WORD = new Set(' \t\r<>');

/**
 * The simple commands of a script for a POSIX shell, each by its words. Nothing is expanded, and what a word holds in
 * double quotes stays a part of it.
 */
export function commandsIn(script: string): ScriptWord[][] {
  const commands: ScriptWord[][] = [];
  let words: ScriptWord[] = [];
  let at = 0;
  while (at < script.length) {
    const character = script[at]!;
    if (ENDS_COMMAND.has(character)) {
      if (words.length > 0) commands.push(words);
      words = [];
      at++;
    } else if (ENDS_WORD.has(character)) at++;
    else {
      const word = wordAt(script, at);
      words.push(word);
      at = word.end;
    }
  }
  if (words.length > 0) commands.push(words);
  return commands;
}

function wordAt(script: string, from: number): ScriptWord {
  const parts: string[] = [];
  let at = from;
  while (at < script.length) {
    const character = script[at]!;
    if (ENDS_COMMAND.has(character) || ENDS_WORD.has(character)) break;
    if (character === "'") {
      const close = script.indexOf("'", at + 1);
      const end = close === -1 ? script.length : close;
      parts.push(script.slice(at + 1, end));
      at = end + 1;
    } else if (character === '"') {
      at = doubleQuoted(script, at + 1, parts);
    } else if (character === '\\') {
      parts.push(script[at + 1] ?? '');
      at += 2;
    } else {
      parts.push(character);
      at++;
    }
  }
  return { text: parts.join(''), from, end: Math.min(at, script.length) };
}

/** Where the quotes end, of which `from` is behind the first. */
function doubleQuoted(script: string, from: number, parts: string[]): number {
  let at = from;
  for (; at < script.length && script[at] !== '"'; at++) {
    if (script[at] === '\\') at++;
    parts.push(script[at] ?? '');
  }
  return at + 1;
}
