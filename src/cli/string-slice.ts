/**
 * The texts of a flag that holds several, as pflag's StringSlice reads them: one line of CSV, where a text with a comma in
 * it stands in quotes and a quote is doubled. Undefined for quotes that do not belong together.
 */
export function parseStringSlice(value: string): string[] | undefined {
  const texts: string[] = [];
  const field = /"((?:[^"]|"")*)"(?=,|$)|([^",]*)(?=,|$)/sy;
  for (;;) {
    const found = field.exec(value);
    if (found === null) return undefined;
    texts.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (field.lastIndex >= value.length) return texts;
    field.lastIndex++;
  }
}
