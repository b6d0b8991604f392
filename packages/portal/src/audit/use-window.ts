import { useEffect, useState, type RefObject } from 'react';

/** The rows to draw of a list whose rows all have one height. */
export interface RowWindow {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

/** The rows in view of a scrolling box, with some on either side so that quick scrolling shows no gaps. */
export function rowsInView(
  scrollTop: number,
  viewHeight: number,
  rowHeight: number,
  count: number,
  spare: number,
): RowWindow {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const end = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + spare);
  return { first: Math.min(first, end), end };
}

/** Follows the scrolling of `box`; `show` brings a row into view, below the sticky head. */
export function useWindow(
  box: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  headHeight: number,
): RowWindow & { readonly show: (row: number) => void } {
  const [view, setView] = useState({ top: 0, height: 900 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const read = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(read);
    observer.observe(element);
    element.addEventListener('scroll', read, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', read);
    };
  }, [box]);
  const show = (row: number) => {
    const element = box.current;
    if (element === null) return;
    const top = row * rowHeight;
    const visible = element.clientHeight - headHeight;
    if (top < element.scrollTop) element.scrollTo({ top });
    else if (top + rowHeight > element.scrollTop + visible) {
      element.scrollTo({ top: top + rowHeight - visible });
    }
  };
  return { ...rowsInView(view.top, view.height, rowHeight, count, 12), show };
}
