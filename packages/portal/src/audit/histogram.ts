import type { HistogramBucket, HistogramData } from '../api/types.ts';

/** From the bottom of a bar to its top. */
export const STACK = ['Information', 'Warning', 'Failure'] as const;

export interface Segment {
  readonly level: (typeof STACK)[number];
  readonly y: number;
  readonly height: number;
}

export interface Bar {
  readonly x: number;
  readonly width: number;
  readonly bucket: HistogramBucket;
  readonly total: number;
  readonly segments: readonly Segment[];
}

export function totalOf(bucket: HistogramBucket): number {
  return bucket.Information + bucket.Warning + bucket.Failure;
}

/**
 * The bars of a histogram in a box of `width` × `height` pixels. Anything that occurred is at least one and a
 * half pixels high, so that a single failure among a million records is still seen.
 */
export function layOut(data: HistogramData, width: number, height: number): Bar[] {
  const count = data.buckets.length;
  if (count === 0 || width <= 0) return [];
  const step = width / count;
  const gap = step > 4 ? 1 : 0;
  const most = Math.max(1, ...data.buckets.map(totalOf));
  return data.buckets.map((bucket, position) => {
    const total = totalOf(bucket);
    const raw = STACK.map((level) =>
      bucket[level] === 0 ? 0 : Math.max(1.5, (bucket[level] / most) * height),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    const scale = sum > height ? height / sum : 1;
    let y = height;
    const segments: Segment[] = [];
    for (const [place, level] of STACK.entries()) {
      const tall = (raw[place] ?? 0) * scale;
      if (tall === 0) continue;
      y -= tall;
      segments.push({ level, y, height: tall });
    }
    return { x: position * step, width: Math.max(1, step - gap), bucket, total, segments };
  });
}

/** The bucket under a horizontal place, null outside. */
export function bucketAt(data: HistogramData, x: number, width: number): number | null {
  const count = data.buckets.length;
  if (count === 0 || x < 0 || x >= width) return null;
  return Math.floor((x / width) * count);
}

/** The span between two places, widened to whole buckets: what a drag selects. */
export function spanBetween(
  data: HistogramData,
  a: number,
  b: number,
  width: number,
): { from: string; to: string } | null {
  const last = data.buckets.length - 1;
  if (last < 0) return null;
  const clamp = (x: number) =>
    Math.min(last, Math.max(0, Math.floor((x / width) * data.buckets.length)));
  const first = data.buckets[clamp(Math.min(a, b))];
  const end = data.buckets[clamp(Math.max(a, b))];
  if (first === undefined || end === undefined) return null;
  return {
    from: first.time,
    to: new Date(Date.parse(end.time) + data.bucketMs).toISOString(),
  };
}

/** Up to `most` bucket positions at even distances, for the labels under the bars. */
export function tickPositions(count: number, most: number): number[] {
  if (count === 0) return [];
  const every = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / every) }, (_, n) => n * every);
}
