import { ExitCode, UsageError } from '../../errors.ts';
import { CATALOGUE } from '../../glossary/catalogue.ts';
import { findEntries, nearestEntries, type Found } from '../../glossary/find.ts';
import { openDocument } from '../../render/data/document.ts';
import { terminalText } from '../../render/escape.ts';
import { chooseLook } from '../../render/look.ts';
import { drawWith } from '../../render/terminal/measured-screen.ts';
import { API_VERSION } from '../../report/json.ts';
import type { JSONObject } from '../../report/json-value.ts';
import type { Runtime } from '../../runtime.ts';
import type { GlossaryInvocation } from './arguments.ts';
import { drawEntries, drawList } from './draw.ts';
import { programName } from '../../format/program-name.ts';

/** `kubectl trace glossary`: lists the rows of trees, or explains one. Sends nothing. */
export async function runGlossary({ name, draw }: GlossaryInvocation, runtime: Runtime): Promise<ExitCode> {
  const found = name === undefined ? undefined : explained(name);
  const look = chooseLook(draw, runtime);
  const write = await openDocument(draw.output, draw.outputArgument);
  if (write !== undefined) runtime.out.write(terminalText(write(listJSON(found ?? all())), runtime.outTerminal));
  else if (draw.output === 'name') runtime.out.write((found ?? all()).map(({ entry }) => `${entry.name}\n`).join(''));
  else if (found !== undefined) {
    runtime.out.write(await drawWith((measure) => drawEntries(found, look, measure)));
  } else {
    const listed = draw.output === 'wide' ? { ...look, columns: Infinity } : look;
    runtime.out.write(await drawWith((measure) => drawList(CATALOGUE, listed, measure)));
  }
  return ExitCode.ok;
}

const all = (): readonly Found[] =>
  CATALOGUE.flatMap((group) => group.entries.map((entry): Found => ({ group, entry })));

/** Throws a UsageError with the nearest names. */
function explained(name: string): readonly Found[] {
  const found = findEntries(name);
  if (found.length > 0) return found;
  const nearest = nearestEntries(name);
  throw new UsageError('UnknownRow', `the glossary has no row "${name}"`, {
    hint:
      nearest.length === 0
        ? `${programName()} glossary lists all rows`
        : `Did you mean ${nearest.map((one) => `"${one}"`).join(', ')}?`,
  });
}

/** As schema/glossary.schema.json describes it. */
const listJSON = (found: readonly Found[]): JSONObject => ({
  apiVersion: API_VERSION,
  kind: 'Glossary',
  items: found.map(({ group, entry: { name, also = [], summary, about = null, slow, next, since, source } }) => ({
    name,
    group: group.id,
    also,
    summary,
    about,
    slow,
    next,
    since,
    source,
  })),
});
