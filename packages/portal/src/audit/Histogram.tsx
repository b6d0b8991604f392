import { useElementSize } from '@mantine/hooks';
import { useState, type PointerEvent } from 'react';
import type { HistogramData } from '../api/types.ts';
import { LevelShape } from '../components/Values.tsx';
import { formatCount, formatEstimate } from '../lib/format.ts';
import { usePreferences } from '../lib/preferences.tsx';
import { formatShort, formatTime, zoneOffset, type Zone } from '../lib/time.ts';
import { bucketAt, layOut, spanBetween, STACK, tickPositions, totalOf } from './histogram.ts';
import css from './histogram.module.css';

const HEIGHT = 80;

interface Props {
  readonly data: HistogramData | undefined;
  readonly loading: boolean;
  readonly onZoom: (span: { from: string; to: string }) => void;
}

/** Records over time, stacked by level; drag over it to zoom in. */
export function Histogram({ data, loading, onZoom }: Props) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const { zone } = usePreferences();
  const [hover, setHover] = useState<number | null>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const usable = data !== undefined && data.buckets.length > 0 && width > 0;

  const place = (event: PointerEvent) =>
    event.clientX - event.currentTarget.getBoundingClientRect().left;
  const finish = () => {
    if (drag !== null && usable && Math.abs(drag.to - drag.from) > 4) {
      const span = spanBetween(data, drag.from, drag.to, width);
      if (span !== null) onZoom(span);
    }
    setDrag(null);
  };

  return (
    <figure className={css.figure} aria-label="Records over time" aria-busy={loading}>
      <div
        ref={ref}
        className={css.plot}
        data-loading={loading || undefined}
        onPointerDown={(event) => {
          if (event.button !== 0 || !usable) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: place(event), to: place(event) });
        }}
        onPointerMove={(event) => {
          const x = place(event);
          setHover(usable ? bucketAt(data, x, width) : null);
          if (drag !== null) setDrag({ ...drag, to: x });
        }}
        onPointerUp={finish}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => setHover(null)}
      >
        {usable && <Bars data={data} width={width} hover={hover} />}
        {drag !== null && Math.abs(drag.to - drag.from) > 4 && (
          <span
            className={css.brush}
            style={{
              left: Math.max(0, Math.min(drag.from, drag.to)),
              width: Math.abs(drag.to - drag.from),
            }}
          />
        )}
        {usable && hover !== null && <Readout data={data} at={hover} width={width} zone={zone} />}
      </div>
      {usable && <Axis data={data} width={width} zone={zone} />}
      {!usable && <div className={css.axis} />}
      {usable && <figcaption className="hidden-visually">{summary(data, zone)}</figcaption>}
    </figure>
  );
}

function Bars(props: { data: HistogramData; width: number; hover: number | null }) {
  const { data, width, hover } = props;
  return (
    <svg width={width} height={HEIGHT} aria-hidden className={css.bars}>
      {layOut(data, width, HEIGHT).map((bar, n) => (
        <g key={bar.bucket.time}>
          {n === hover && (
            <rect className={css.column} x={bar.x} y={0} width={bar.width} height={HEIGHT} />
          )}
          {bar.segments.map((segment) => (
            <rect
              key={segment.level}
              className={css.bar}
              data-level={segment.level}
              x={bar.x}
              y={segment.y}
              width={bar.width}
              height={segment.height}
            />
          ))}
        </g>
      ))}
    </svg>
  );
}

function Readout(props: { data: HistogramData; at: number; width: number; zone: Zone }) {
  const { data, at, width, zone } = props;
  const bucket = data.buckets[at];
  if (bucket === undefined) return null;
  const middle = ((at + 0.5) / data.buckets.length) * width;
  const end = new Date(Date.parse(bucket.time) + data.bucketMs).toISOString();
  return (
    <div
      className={css.readout}
      style={middle > width / 2 ? { right: width - middle + 12 } : { left: middle + 12 }}
    >
      <span className="mono">
        {formatTime(bucket.time, zone).slice(0, -4)} – {formatTime(end, zone).slice(11, -4)}{' '}
        {zoneOffset(new Date(bucket.time), zone)}
      </span>
      {[...STACK].toReversed().map((level) => (
        <span key={level} className={css.count} data-level={level}>
          <LevelShape level={level} /> {level}
          <b>{formatCount(bucket[level])}</b>
        </span>
      ))}
    </div>
  );
}

function Axis({ data, width, zone }: { data: HistogramData; width: number; zone: Zone }) {
  const span = Date.parse(data.to) - Date.parse(data.from);
  const ticks = tickPositions(data.buckets.length, Math.max(2, Math.floor(width / 120)));
  const step = ((ticks[1] ?? data.buckets.length) - (ticks[0] ?? 0)) * data.bucketMs;
  return (
    <div className={css.axis} aria-hidden>
      {ticks.map((n) => {
        const bucket = data.buckets[n];
        return bucket === undefined ? null : (
          <span key={bucket.time} style={{ left: (n / data.buckets.length) * width }}>
            {formatShort(bucket.time, zone, span, step)}
          </span>
        );
      })}
    </div>
  );
}

function summary(data: HistogramData, zone: Zone): string {
  const total = data.buckets.reduce((sum, bucket) => sum + totalOf(bucket), 0);
  const warnings = data.buckets.reduce((sum, bucket) => sum + bucket.Warning, 0);
  const failures = data.buckets.reduce((sum, bucket) => sum + bucket.Failure, 0);
  return `${formatEstimate(total, data.exact)} records from ${formatTime(data.from, zone)} to ${formatTime(data.to, zone)}, of which ${formatCount(warnings)} warnings and ${formatCount(failures)} failures. The time range control narrows it by keyboard.`;
}
