import { useMemo, useRef, useState } from 'preact/hooks';
import { formatDuration } from '../../src/analysis/wording/duration.ts';
import { formatShare } from '../../src/analysis/wording/percent.ts';
import { flameOf, isShown, placeOf, type Frame } from '../model/flame.ts';
import { shownText } from '../model/look.ts';
import type { Page } from './page.ts';
import { useWidth } from './use-width.ts';

const FRAME_HEIGHT = 25;
/** More frames than a person looks at. */
const MAX_FRAMES = 1500;
/** Narrower frames are no buttons (WCAG 2.2, 2.5.8): a click on the one above makes them wider. In pixels. */
const LEAST_TARGET = 24;
const MAX_NAME = 200;

/** Rows of the same name on one another, as wide as their own time. A click on a frame makes it the widest. */
export function Flame({ page }: { readonly page: Page }) {
  const { derived, picture } = page;
  const frames = useMemo(() => flameOf(derived.top ?? picture.root, picture.analysis), [derived.top, picture]);
  const [chosen, choose] = useState<Frame>();
  const [width, setWidth] = useState(0);
  const graph = useRef<HTMLDivElement>(null);
  useWidth(graph, setWidth);
  const root = chosen !== undefined && frames.includes(chosen) ? chosen : frames[0];
  if (root === undefined || root.total === 0) return <p class="empty">No row has own time.</p>;
  const all = frames.filter((frame) => isShown(frame, root));
  const shown = all.slice(0, MAX_FRAMES);
  const depth = shown.reduce((most, frame) => Math.max(most, frame.depth), 0);
  const whole = frames[0]?.total ?? root.total;
  return (
    <div class="flame">
      <p>
        Own time, summed by name: {formatDuration(root.total)}
        {all.length > shown.length && `; ${all.length - shown.length} narrow frames are left out`}
        {root !== frames[0] && (
          <>
            {' '}
            <button type="button" onClick={() => choose(undefined)}>
              Whole graph
            </button>
          </>
        )}
      </p>
      <div
        ref={graph}
        class="frames"
        role="group"
        aria-label="flame graph"
        style={{ height: `${(depth + 1) * FRAME_HEIGHT}px` }}
      >
        {shown.map((frame) => (
          <Box
            frame={frame}
            root={root}
            whole={whole}
            width={width}
            choose={() => choose(frame)}
            goTo={() => page.goTo(frame.index)}
          />
        ))}
      </div>
    </div>
  );
}

interface BoxProperties {
  readonly frame: Frame;
  readonly root: Frame;
  readonly whole: number;
  readonly width: number;
  readonly choose: () => void;
  readonly goTo: () => void;
}

function Box({ frame, root, whole, width, choose, goTo }: BoxProperties) {
  const place = placeOf(frame, root);
  const name = shownText(frame.name.slice(0, MAX_NAME));
  const times = `${formatDuration(frame.total)}, ${formatShare(frame.total / whole)}, own ${formatDuration(frame.self)}`;
  const words = `${name}, ${times}, ${frame.rows} ${frame.rows === 1 ? 'row' : 'rows'}`;
  const style = {
    left: `${place.left * 100}%`,
    width: `${place.width * 100}%`,
    top: `${frame.depth * FRAME_HEIGHT}px`,
  };
  const classes = `frame ${frame.colour}`;
  if (place.width * width < LEAST_TARGET) return <div class={classes} title={words} style={style} />;
  return (
    <button
      type="button"
      class={classes}
      aria-label={words}
      title={words}
      style={style}
      onClick={choose}
      onDblClick={goTo}
    >
      {name}
    </button>
  );
}
