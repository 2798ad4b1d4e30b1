import type { Clock } from '../../runtime.ts';
import { Lines, parseEvent } from '../api/watch-events.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { flattenResponse, completeResponse } from './response-objects.ts';
import { HumanPrinter } from './human-printer.ts';
import { printObjects, type ObjectForm } from './object-response.ts';
import { TabWriter } from './tab-writer.ts';

type Document = Readonly<Record<string, unknown>>;

/** How a watch is shown. */
export interface WatchOptions {
  readonly form: 'table' | 'wide' | ObjectForm;
  readonly allNamespaces: boolean;
  /** For a watch of one object: its first change repeats the object and is not shown. */
  readonly isOfObject: boolean;
  readonly clock: Clock;
}

/**
 * The output of `get -w`, as it arrives: all existing objects, then each change (kubectl pkg/cmd/get/get.go, watch).
 */
export class WatchPrinter {
  readonly #options: WatchOptions;
  readonly #writer = new TabWriter();
  readonly #table: HumanPrinter;
  readonly #lines = new Lines((line) => this.#printed.push(this.#change(line.toString())));
  /** Text that the lines of a chunk print. */
  #printed: string[] = [];
  #changes = 0;
  #objects = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    const { form, allNamespaces, clock } = options;
    const columns = { wide: form === 'wide', withNamespace: allNamespaces, kind: null };
    this.#table = new HumanPrinter(columns, this.#writer, clock);
  }

  /** The responses before the watch: one object, or the parts of a list. kubectl splits only a complete list. */
  before(type: ResourceType, bodies: readonly Uint8Array[]): string {
    const { form } = this.#options;
    const areParts = bodies.length > 1 && form !== 'table' && form !== 'wide';
    const documents = areParts
      ? bodies.map((body) => completeResponse(type, body))
      : bodies.flatMap((body) => flattenResponse(type, body)).map(({ document }) => document);
    return this.#print(documents);
  }

  /** The next bytes of the stream. */
  more(chunk: Uint8Array): string {
    this.#printed = [];
    this.#lines.push(chunk);
    return this.#printed.join('');
  }

  #change(line: string): string {
    const event = parseEvent(line);
    if (event === undefined) return '';
    this.#changes++;
    if (this.#changes > 1 || !this.#options.isOfObject) return this.#print([event.object]);
    this.#table.skip(event.object);
    return '';
  }

  #print(documents: readonly Document[]): string {
    const { form } = this.#options;
    if (form === 'table' || form === 'wide') {
      for (const document of documents) this.#table.print(document);
      this.#writer.flush();
      return this.#writer.take();
    }
    const isFirst = this.#objects === 0;
    this.#objects += documents.length;
    const text = printObjects(documents, form);
    return isFirst || form !== 'yaml' || text === '' ? text : `---\n${text}`;
  }
}
