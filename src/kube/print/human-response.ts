import type { Clock } from '../../runtime.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { ResponseObject } from './response-objects.ts';
import { HumanPrinter } from './human-printer.ts';
import { kindName } from './kind-name.ts';
import { TabWriter } from './tab-writer.ts';

/** The options for showing responses in columns. */
export interface HumanResponseOptions {
  readonly wide: boolean;
  readonly allNamespaces: boolean;
  readonly clock: Clock;
}

/** The tables of `get`: one for each type, with an empty line between them (kubectl pkg/cmd/get/get.go, Run). */
export function printHuman(responses: readonly ResponseObject[], options: HumanResponseOptions): string {
  const severalTypes = responses.some(({ type }) => !isSameType(type, responses[0]!.type));
  const writer = new TabWriter();
  let text = '';
  let printer: HumanPrinter | undefined;
  let last: ResourceType | undefined;
  let isSeparated = false;
  // kubectl keeps the column once a type has needed it.
  let withNamespace = false;
  const flush = (): void => {
    writer.flush();
    const written = writer.take();
    if (written !== '' && isSeparated) {
      text += '\n';
      isSeparated = false;
    }
    text += written;
  };
  for (const { type, document } of responses) {
    if (printer === undefined || last === undefined || !isSameResource(last, type)) {
      flush();
      writer.forgetWidths();
      if (last !== undefined && text !== '') isSeparated = true;
      withNamespace ||= options.allNamespaces && type.namespaced;
      const kind = severalTypes ? kindName(type.kind, type.group) : null;
      printer = new HumanPrinter({ wide: options.wide, withNamespace, kind }, writer, options.clock);
      last = type;
    }
    printer.print(document);
  }
  flush();
  return text;
}

const isSameType = (one: ResourceType, two: ResourceType): boolean =>
  one.group === two.group && one.version === two.version && one.kind === two.kind;
const isSameResource = (one: ResourceType, two: ResourceType): boolean =>
  one.group === two.group && one.version === two.version && one.resource === two.resource;
