import { follow, STATE_WORDS } from './live.ts';

/* The list of traces in `serve`, which is complete without this script: it only puts what has changed into it. */

interface Cell {
  readonly text: string;
  readonly href?: string;
  readonly class?: string;
}

interface Row {
  readonly id: string;
  readonly cells: readonly Cell[];
}

/** The list as JSON, at the address of the page. */
interface Update {
  readonly heading: string;
  readonly rows: readonly Row[];
  /** The values and texts of the form's options. */
  readonly services: readonly (readonly [value: string, text: string])[];
}

const body = document.querySelector('tbody');
const status = document.querySelector('#live');
const heading = document.querySelector('h2');
/** By the ID of the trace: its row, and what is in it. */
const drawn = new Map<string, { readonly element: HTMLTableRowElement; readonly content: string }>();

function draw({ heading: words, rows, services }: Update): void {
  if (body === null) return;
  if (heading !== null && heading.textContent !== words) heading.textContent = words;
  const focused = document.activeElement instanceof HTMLAnchorElement ? document.activeElement : undefined;
  const wanted = new Set(rows.map(({ id }) => id));
  for (const element of Array.from(body.rows)) if (!wanted.has(element.dataset['id'] ?? '')) remove(element);
  for (const [index, row] of rows.entries()) place(elementOf(row), index);
  // A row that was moved or drawn again has lost the focus.
  if (focused !== undefined && !document.contains(document.activeElement?.closest('a') ?? null)) refocus(focused);
  drawServices(services);
}

function remove(element: HTMLTableRowElement): void {
  drawn.delete(element.dataset['id'] ?? '');
  element.remove();
}

/** The row that is there, if it has the same content. */
function elementOf(row: Row): HTMLTableRowElement {
  const content = JSON.stringify(row.cells);
  const known = drawn.get(row.id);
  if (known?.content === content) return known.element;
  const existing = known?.element ?? body?.querySelector<HTMLTableRowElement>(`tr[data-id="${CSS.escape(row.id)}"]`);
  const element = existing ?? document.createElement('tr');
  element.dataset['id'] = row.id;
  element.replaceChildren(...row.cells.map(cellOf));
  drawn.set(row.id, { element, content });
  return element;
}

function cellOf({ text, href, class: name }: Cell): HTMLElement {
  const cell = document.createElement('td');
  if (name !== undefined) cell.className = name;
  if (href === undefined) cell.textContent = text;
  else cell.append(Object.assign(document.createElement('a'), { href, textContent: text }));
  return cell;
}

function place(element: HTMLTableRowElement, index: number): void {
  const there = body?.rows[index];
  if (there !== element) body?.insertBefore(element, there ?? null);
}

function refocus({ href }: HTMLAnchorElement): void {
  const links = body?.querySelectorAll('a') ?? [];
  [...links].find((link) => link.href === href)?.focus({ preventScroll: true });
}

/** Services that have sent their first spans can be chosen; what is chosen stays so. */
function drawServices(services: Update['services']): void {
  const select = document.querySelector('select');
  if (select === null) return;
  const known = new Set([...select.options].map(({ value }) => value));
  for (const [value, text] of services) if (!known.has(value)) select.add(new Option(text, value));
}

if (body !== null) {
  void follow(location.href, {
    take: async (response) => draw((await response.json()) as Update),
    report: (state) => {
      if (status !== null && status.textContent !== STATE_WORDS[state]) status.textContent = STATE_WORDS[state];
    },
  });
}
