import { isObject, textOf } from '../json.ts';
import { parseJSONDocument } from '../manifest/json.ts';
import type { ResourceType } from '../resource-type.ts';
import { flattenAnswer, wholeAnswer } from './answers.ts';
import { HumanPrinter } from './human-printer.ts';
import type { HumanAnswerOptions } from './human-answer.ts';
import { printObjects, type ObjectForm } from './object-answer.ts';
import { TabWriter } from './tab-writer.ts';

/** One change, as the server tells it. */
export interface WatchEvent {
  /** ADDED, MODIFIED, DELETED, BOOKMARK or ERROR. */
  readonly type: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** The events of a watch, one on each line; a line that was cut off is none. */
export function readEvents(body: Uint8Array): WatchEvent[] {
  const lines = Buffer.from(body).toString('utf8').split('\n').slice(0, -1);
  return lines.flatMap((line) => {
    const event = parseLine(line);
    if (!isObject(event) || !isObject(event['object'])) return [];
    return [{ type: textOf(event['type']), object: event['object'] }];
  });
}

function parseLine(line: string): unknown {
  try {
    return parseJSONDocument(line);
  } catch {
    return undefined;
  }
}

/** A watch with what was there before it. */
export interface WatchedAnswers {
  readonly type: ResourceType;
  /** The answers before the watch: the parts of a list, or one object. */
  readonly before: readonly Uint8Array[];
  /** Its first event is the object once more. */
  readonly isOfObject: boolean;
  readonly events: readonly WatchEvent[];
}

/** What `get -w` prints: everything that is there, then a line for each change (kubectl pkg/cmd/get/get.go, watch). */
export function printWatch(watched: WatchedAnswers, { wide, allNamespaces, clock }: HumanAnswerOptions): string {
  const writer = new TabWriter();
  const printer = new HumanPrinter({ wide, withNamespace: allNamespaces, kind: null }, writer, clock);
  for (const document of documentsBefore(watched)) printer.print(document);
  writer.flush();
  for (const [index, { object }] of watched.events.entries()) {
    if (index === 0 && watched.isOfObject) printer.skip(object);
    else printer.print(object);
    writer.flush();
  }
  return writer.take();
}

/** The same as whole objects. Parts of a list are printed as lists, as kubectl does: it takes only a whole one apart. */
export function printWatchedObjects(watched: WatchedAnswers, form: ObjectForm): string {
  const { type, before, events, isOfObject } = watched;
  const changes = events.slice(isOfObject ? 1 : 0).map(({ object }) => object);
  const lists = before.map((body) => wholeAnswer(type, body));
  return printObjects([...(before.length > 1 ? lists : documentsBefore(watched)), ...changes], form);
}

const documentsBefore = ({ type, before }: WatchedAnswers): Readonly<Record<string, unknown>>[] =>
  before.flatMap((body) => flattenAnswer(type, body)).map(({ document }) => document);
