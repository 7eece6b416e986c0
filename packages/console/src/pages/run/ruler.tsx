import { type PointerEvent, useRef, useState } from "react";
import { useText } from "#pages/run/text.ts";
import type { Stretch, TimeScale } from "#pages/run/time-scale.ts";
import { useFormat } from "#text/format.ts";
import { classes } from "#ui/classes.ts";

const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;

/** Marks go where the ruler is too narrow for their words: `3 min 20 s` beside the end. */
const ROOM: ReadonlyMap<number, string> = new Map([
  [0.25, "@max-md:hidden"],
  [0.5, "@max-3xs:hidden"],
  [0.75, "@max-md:hidden"],
]);

/** A shorter drag is a click, as a share of the width. */
const LEAST = 0.01;

interface RulerProps {
  readonly scale: TimeScale;
  /** Moment 0, epoch ms. */
  readonly origin: number;
  readonly onBrush: (stretch: Stretch) => void;
}

/** The scale above the bars. Whoever drags over it looks closer at that stretch. */
export function Ruler({ scale, origin, onBrush }: RulerProps) {
  const t = useText();
  const format = useFormat();
  const bar = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const share = (event: PointerEvent) => {
    const box = bar.current?.getBoundingClientRect();
    return box ? Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) : 0;
  };
  const finish = () => {
    if (drag) {
      const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
      if (to - from > LEAST) onBrush({ from: momentAt(scale, from), to: momentAt(scale, to) });
    }
    setDrag(null);
  };
  return (
    <div className="flex h-6 border-b border-line text-xs text-quiet select-none">
      <span className="w-[38%] shrink-0 sm:w-56" />
      <div
        ref={bar}
        title={t("brush")}
        className="@container relative grow cursor-crosshair touch-none overflow-hidden"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: share(event), to: share(event) });
        }}
        onPointerMove={(event) => drag && setDrag({ from: drag.from, to: share(event) })}
        onPointerUp={finish}
        onPointerCancel={() => setDrag(null)}
      >
        {ticksOf((tick) => format.duration(momentAt(scale, tick) - origin)).map(({ tick, text }) => (
          <span
            key={tick}
            className={classes("absolute top-1 px-1 whitespace-nowrap", ROOM.get(tick))}
            style={tick === 1 ? { right: 0 } : { left: `${tick * 100}%`, borderInlineStart: "1px solid var(--line)" }}
          >
            {text}
          </span>
        ))}
        {drag && (
          <span
            className="absolute inset-y-0 bg-accent/25"
            style={{ left: `${Math.min(drag.from, drag.to) * 100}%`, width: `${Math.abs(drag.to - drag.from) * 100}%` }}
          />
        )}
      </div>
    </div>
  );
}

/** A mark that reads like the one before it tells nothing: within a folded gap time hardly passes. The end is always told. */
function ticksOf(textAt: (tick: number) => string) {
  const marks = TICKS.map((tick) => ({ tick, text: textAt(tick) }));
  const last = marks.at(-1)?.text;
  return marks.filter(({ tick, text }, n) => tick === 1 || (text !== last && text !== marks[n - 1]?.text));
}

/** The moment that is drawn at a share of the width: the scale only grows, so it is halved until it is found. */
function momentAt(scale: TimeScale, share: number): number {
  let [low, high] = [scale.from, scale.to];
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (scale.at(middle) < share) low = middle;
    else high = middle;
  }
  return Math.round(share === 0 ? scale.from : high);
}
