import type { Finding } from '../../src/analysis/findings/finding.ts';
import type { Analysis } from '../../src/analysis/analyse.ts';
import { formatDuration } from '../../src/analysis/wording/duration.ts';
import { formatShare } from '../../src/analysis/wording/percent.ts';
import type { TextTable } from '../../src/render/text-table.ts';
import type { Content } from '../model/content.ts';
import { colourOf } from '../model/colour.ts';
import { pathParts } from '../model/critical-path.ts';
import { shownText } from '../model/look.ts';

/** Selects a span in the trace, by its index. */
export type GoTo = (index: number) => void;

/** The conclusion first, as on a terminal: the headline, the request and its verdict, the findings, where the time went. */
export function Summary({ content, goTo }: { readonly content: Content; readonly goTo: GoTo }) {
  const { title, verdict, header, facts, tables, sentences, findings, picture, hasTimes } = content;
  return (
    <header class="summary">
      <h1>
        {title} {verdict !== null && <span class={`verdict ${verdict}`}>{verdict}</span>}
      </h1>
      {header.map((line) => (
        <p class="line">{line}</p>
      ))}
      {facts.length > 0 && <Facts facts={facts} />}
      {tables.map((table) => (
        <Pods table={table} />
      ))}
      {findings.length > 0 && (
        <section aria-label="findings">
          <h2>Findings</h2>
          <ul class="findings">
            {findings.map((finding) => (
              <FindingItem finding={finding} goTo={goTo} />
            ))}
          </ul>
        </section>
      )}
      {sentences.map((sentence) => (
        <p class="sentence">{sentence}</p>
      ))}
      {picture !== undefined && hasTimes && <Times analysis={picture.analysis} goTo={goTo} />}
    </header>
  );
}

function Facts({ facts }: { readonly facts: Content['facts'] }) {
  return (
    <dl class="facts">
      {facts.map(({ label, text }) => (
        <>
          <dt>{label}</dt>
          <dd>{text}</dd>
        </>
      ))}
    </dl>
  );
}

function Pods({ table: { columns, rows, footer } }: { readonly table: TextTable }) {
  return (
    <div class="scrolled" tabIndex={0} role="region" aria-label="pods">
      <table>
        <thead>
          <tr>
            {columns.map(({ title, align }) => (
              <th class={align}>{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell, index) => (
                <td class={columns[index]?.align}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {footer !== undefined && <p>{footer}</p>}
    </div>
  );
}

function FindingItem({ finding, goTo }: { readonly finding: Finding; readonly goTo: GoTo }) {
  const { severity, headline, detail, hint, command, spans } = finding;
  return (
    <li class={`finding ${severity}`}>
      <p>
        <span aria-hidden="true">▲ </span>
        <strong>{shownText(headline)}</strong>{' '}
        <button type="button" class="link" onClick={() => goTo(spans[0].index)}>
          show the span
        </button>
      </p>
      <p>{shownText(detail)}</p>
      {hint !== null && <p>{shownText(hint)}</p>}
      {command !== null && <code class="command">{shownText(command)}</code>}
    </li>
  );
}

/** Services that are listed; Kubernetes has fewer components. */
const MAX_COMPONENTS = 20;
/** How many parts of the critical path are listed. */
const MAX_PARTS = 10;

function Times({ analysis, goTo }: { readonly analysis: Analysis; readonly goTo: GoTo }) {
  const { displayedTimes, openNanos } = analysis;
  const parts = pathParts(analysis);
  const rest = parts.length - MAX_PARTS;
  return (
    <section class="times" aria-label="where the time went">
      <div>
        <h2>Time by component</h2>
        <ul class="components">
          {displayedTimes.slice(0, MAX_COMPONENTS).map(({ name, time, parts: own }) => (
            <li>
              <span class="name">
                <span class={`swatch ${colourOf(time.component, name)}`} aria-hidden="true" /> {shownText(name)}
              </span>
              <span class="number">{formatDuration(time.nanos)}</span>
              <span class="number">{formatShare(time.share)}</span>
              <span class="parts">
                {own
                  .slice(0, 3)
                  .map((part) => `${shownText(part.name)} ${formatDuration(part.nanos)}`)
                  .join('; ')}
              </span>
            </li>
          ))}
          {openNanos > 0 && (
            <li>
              <span class="name">open</span>
              <span class="number">{formatDuration(openNanos)}</span>
              <span class="number" />
              <span class="parts">a stream was open: no component worked for it</span>
            </li>
          )}
        </ul>
        {displayedTimes.length > MAX_COMPONENTS && <p>and {displayedTimes.length - MAX_COMPONENTS} more</p>}
      </div>
      <details>
        <summary>Critical path: {formatDuration(parts.reduce((sum, { nanos }) => sum + nanos, 0))}</summary>
        <ol class="path">
          {parts.slice(0, MAX_PARTS).map(({ span, label, nanos, share }) => (
            <li>
              <button type="button" class="link" onClick={() => goTo(span.index)}>
                {label}
              </button>{' '}
              {formatDuration(nanos)}, {formatShare(share)}
            </li>
          ))}
        </ol>
        {rest > 0 && <p>and {rest} more</p>}
      </details>
    </section>
  );
}
