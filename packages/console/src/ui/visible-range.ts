import { type RefObject, useEffect, useState } from "react";

/** Rows above and below what is seen, so that a fast scroll does not show a hole. */
const SPARE_ROWS = 12;

export interface VisibleRange {
  readonly start: number;
  /** Behind the last one. */
  readonly end: number;
}

/** Rows of equal height that a window of `height` px shows, `top` px below the first row's upper edge. */
export function rangeOf(count: number, rowHeight: number, top: number, height: number): VisibleRange {
  const start = Math.max(0, Math.floor(top / rowHeight) - SPARE_ROWS);
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + SPARE_ROWS);
  return { start: Math.min(start, count), end: Math.max(end, Math.min(start, count)) };
}

/** Which rows of a list are to be mounted while the page, or the scroller around the list, is scrolled. */
export function useVisibleRange(list: RefObject<HTMLElement | null>, count: number, rowHeight: number): VisibleRange {
  const [range, setRange] = useState<VisibleRange>(() => rangeOf(count, rowHeight, 0, 900));
  useEffect(() => {
    const measure = () => {
      const element = list.current;
      if (!element) return;
      const top = Math.max(0, -element.getBoundingClientRect().top);
      const next = rangeOf(count, rowHeight, top, window.innerHeight);
      setRange((known) => (known.start === next.start && known.end === next.end ? known : next));
    };
    measure();
    // Scrolling does not bubble: a capturing listener hears it of every scroller around the list.
    document.addEventListener("scroll", measure, { capture: true, passive: true });
    window.addEventListener("resize", measure);
    return () => {
      document.removeEventListener("scroll", measure, { capture: true });
      window.removeEventListener("resize", measure);
    };
  }, [list, count, rowHeight]);
  return { start: Math.min(range.start, count), end: Math.min(range.end, count) };
}
