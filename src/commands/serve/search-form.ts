import type { TraceList } from '../../serve/query/drawing.ts';
import { plain, text } from './markup.ts';

/** The form that searches traces. It sends what it holds as the address of the page, so that Back leads to the same search. */
export function searchForm({ services, query }: Pick<TraceList, 'services' | 'query'>): string {
  const field = (name: string, label: string, more = ''): string => input(name, label, query.get(name) ?? '', more);
  const tags = query.getAll('tag');
  return `<form action="/" method="get" role="search">
<label>Service<select name="service"><option value="">any: the latest traces</option>${serviceOptions(services, query.get('service') ?? '')}</select></label>
${field('operation', 'Operation')}
${[...tags, ''].map((tag, index) => input('tag', index === 0 ? 'Attribute' : 'and attribute', tag, 'placeholder="name:value"')).join('\n')}
${field('minDuration', 'At least', 'placeholder="100ms"')}
${field('maxDuration', 'At most', 'placeholder="2s"')}
${field('lookback', 'In the last', 'placeholder="48h"')}
${field('from', 'From (UTC)', 'type="datetime-local" step="1"')}
${field('until', 'Until (UTC)', 'type="datetime-local" step="1"')}
<button>Search</button>
${query.size > 0 ? '<a href="/">Latest traces</a>' : ''}
</form>`;
}

const input = (name: string, label: string, value: string, more: string): string =>
  `<label>${label}<input name="${name}" value="${plain(value)}" ${more}></label>`;

/** A service that was searched for stays chosen, also when none of its spans are stored any more. */
function serviceOptions(services: readonly string[], chosen: string): string {
  const names = chosen === '' || services.includes(chosen) ? services : [chosen, ...services];
  return names
    .map((name) => `<option value="${plain(name)}"${name === chosen ? ' selected' : ''}>${text(name)}</option>`)
    .join('');
}
