import { useMemo, useState } from 'preact/hooks';
import type { PlacedSpan } from '../../src/trace/trace.ts';
import { detailsOf } from '../model/details.ts';
import type { Reading } from '../model/kubernetes-reading.ts';
import { shownText } from '../model/look.ts';
import { copyJSON, copyLine, copyLink, copySubtree } from './actions.ts';
import type { Page } from './page.ts';

/** Everything about the selected span. */
export function DetailsPanel({ page, placed }: { readonly page: Page; readonly placed: PlacedSpan }) {
  const { picture, content, change, derived } = page;
  const details = useMemo(() => detailsOf(placed, picture.analysis, content.requests), [placed, picture]);
  const position = derived.positions.get(placed.index);
  const row = position === undefined ? undefined : derived.visible[position]?.row;
  const findings = content.findings.filter(({ spans }) => spans.includes(placed));
  return (
    <aside class="details" aria-label="details of the span">
      <button
        type="button"
        class="close"
        aria-label="close the details"
        onClick={() => change((now) => ({ ...now, selected: undefined }))}
      >
        ×
      </button>
      <h2>{details.title}</h2>
      <div class="group">
        <button type="button" onClick={() => copyLine(page)}>
          Copy line
        </button>
        <button type="button" onClick={() => copyJSON(page)}>
          Copy JSON
        </button>
        <button type="button" onClick={() => copySubtree(page)}>
          Copy subtree
        </button>
        <button type="button" onClick={() => copyLink(page)}>
          Copy link
        </button>
      </div>
      {findings.map(({ headline, hint }) => (
        <p class="finding">
          ▲ {shownText(headline)} {hint !== null && shownText(hint)}
        </p>
      ))}
      <Readings readings={details.facts} />
      <Group title="Kubernetes" readings={details.kubernetes} />
      <Group title="Attributes" readings={details.attributes} />
      {details.events.length > 0 && (
        <>
          <h3>Events</h3>
          <ol class="events">
            {details.events.slice(0, MAX_LISTED).map(({ name, at, attributes }) => (
              <li>
                <strong>{name}</strong> {at}
                <Readings readings={attributes} />
              </li>
            ))}
          </ol>
          <More count={details.events.length} what="events" />
        </>
      )}
      <Group title="Links" readings={details.links} />
      <Group title="Process" readings={details.resource} />
      {row !== undefined && row.spans.length > 1 && (
        <>
          <h3>{row.spans.length} spans in this row</h3>
          <ol class="spans">
            {row.spans.slice(0, MAX_LISTED).map(({ index, spanID }) => (
              <li>
                <button type="button" class="link" onClick={() => page.goTo(index)}>
                  {spanID}
                </button>
              </li>
            ))}
          </ol>
          <More count={row.spans.length} what="spans" />
        </>
      )}
    </aside>
  );
}

const MAX_LISTED = 100;

function More({ count, what }: { readonly count: number; readonly what: string }) {
  return count > MAX_LISTED ? (
    <p>
      and {count - MAX_LISTED} more {what}, in the document
    </p>
  ) : null;
}

function Group({ title, readings }: { readonly title: string; readonly readings: readonly Reading[] }) {
  if (readings.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <Readings readings={readings} />
    </>
  );
}

function Readings({ readings }: { readonly readings: readonly Reading[] }) {
  if (readings.length === 0) return null;
  return (
    <>
      <dl>
        {readings.slice(0, MAX_LISTED).map(({ label, text }) => (
          <>
            <dt>
              <Long text={label} />
            </dt>
            <dd>
              <Long text={text} />
            </dd>
          </>
        ))}
      </dl>
      <More count={readings.length} what="values" />
    </>
  );
}

/** Longer texts are cut, and shown when that is asked for. */
const SHOWN = 2000;

function Long({ text }: { readonly text: string }) {
  const [isOpen, open] = useState(false);
  if (text.length <= SHOWN || isOpen) return <>{text}</>;
  return (
    <>
      {text.slice(0, SHOWN)}…{' '}
      <button type="button" class="link" onClick={() => open(true)}>
        show all {text.length} characters
      </button>
    </>
  );
}
