import type { Attributes, Resource, Span } from '../../trace/span.ts';

/** Objects, IDs and times of a span or an event, whatever it is about. */
const FIXED_BYTES = 100;

/**
 * Adds up spans by the text that they hold, in bytes of ASCII: roughly what they take in a response. A resource counts
 * once, since decoders share it among spans. Linear, and without recursion: values may be nested.
 */
export class SpanSizes {
  readonly #resources = new WeakSet<Resource>();
  bytes = 0;

  add({ name, attributes, events, links, resource, status }: Span): void {
    this.bytes += FIXED_BYTES + name.length + (status.message?.length ?? 0);
    this.#addAttributes(attributes);
    for (const event of events) {
      this.bytes += FIXED_BYTES + event.name.length;
      this.#addAttributes(event.attributes);
    }
    for (const link of links) {
      this.bytes += FIXED_BYTES;
      this.#addAttributes(link.attributes);
    }
    if (this.#resources.has(resource)) return;
    this.#resources.add(resource);
    this.#addAttributes(resource.attributes);
  }

  #addAttributes(attributes: Attributes): void {
    const open: unknown[] = [attributes];
    while (open.length > 0) {
      const value = open.pop();
      if (typeof value === 'string' || value instanceof Uint8Array) this.bytes += value.length;
      else if (typeof value !== 'object' || value === null) this.bytes += 8;
      else {
        for (const [key, inner] of Object.entries(value)) {
          this.bytes += key.length;
          open.push(inner);
        }
      }
    }
  }
}
