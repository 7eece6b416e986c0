import { type ReactNode, useRef, useState } from "react";
import { choices } from "#app/choices.ts";
import { useText } from "#pages/editor/text.ts";

const NAME = "millrace.editor.panel";
const USUAL = 380;
const NARROWEST = 300;
const WIDEST = 720;
const STEP = 20;

const within = (width: number) => Math.min(WIDEST, Math.max(NARROWEST, width));

/** The panel at the end of the canvas; its edge is dragged, or moved by the arrows. */
export function ResizablePanel({ children }: { children: ReactNode }) {
  const t = useText();
  const [width, setWidth] = useState(() => within(Number(choices.get(NAME) ?? USUAL)));
  const drag = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const keep = (next: number) => {
    setWidth(within(next));
    choices.set(NAME, String(within(next)));
  };
  return (
    <aside
      className="relative flex shrink-0 flex-col border-s border-line bg-surface max-md:absolute max-md:inset-y-0 max-md:end-0 max-md:z-10 max-md:max-w-full"
      style={{ width }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a separator that is moved has no element of its own */}
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label={t("panel.resize")}
        aria-valuenow={width}
        aria-valuemin={NARROWEST}
        aria-valuemax={WIDEST}
        tabIndex={0}
        className="absolute inset-y-0 -start-1 z-10 w-2 cursor-col-resize hover:bg-accent-soft"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { x: event.clientX, width };
        }}
        onPointerMove={(event) => {
          if (drag.current) keep(drag.current.width + drag.current.x - event.clientX);
        }}
        onPointerUp={() => {
          drag.current = null;
        }}
        onKeyDown={(event) => {
          const step = event.key === "ArrowLeft" ? STEP : event.key === "ArrowRight" ? -STEP : 0;
          if (step === 0) return;
          event.preventDefault();
          event.stopPropagation();
          keep(width + step);
        }}
      />
      {children}
    </aside>
  );
}
