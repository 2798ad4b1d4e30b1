/** A word of a shell, or an operator between two commands. */
const TOKEN = /\s*(?:(#.*)|(\|\||&&|[|;&])|((?:'[^']*'|"[^"]*"|\$\([^)]*\)|[^\s'"|;&])+))/y;

/** The simple commands of a line of shell, each as its words without quotes. Comments and redirections are left out. */
export function commandsOf(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  TOKEN.lastIndex = 0;
  // The word before was `>` or `<`, with a blank before the name of the file.
  let redirects = false;
  for (let found = TOKEN.exec(line); found !== null; found = TOKEN.exec(line)) {
    const [, comment, operator, word] = found;
    if (comment !== undefined) break;
    const isFile = redirects;
    redirects = word !== undefined && /^\d?[<>]+$/.test(word);
    if (operator !== undefined) commands.push([]);
    else if (word !== undefined && !isFile && !/^\d?[<>]/.test(word))
      commands.at(-1)?.push(word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
  }
  return commands.filter((words) => words.length > 0);
}
