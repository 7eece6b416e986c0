import { ChevronDown, ChevronRight } from "lucide-react";
import { type KeyboardEvent, memo, useMemo, useRef, useState } from "react";
import type { RunDetail } from "#api/runs.ts";
import { calledRun } from "#pages/run/called-run.ts";
import { Ruler } from "#pages/run/ruler.tsx";
import { busyStretches, type Piece, type Span } from "#pages/run/spans.ts";
import { useText } from "#pages/run/text.ts";
import { type Stretch, type TimeScale, timeScale } from "#pages/run/time-scale.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { Check } from "#ui/field.tsx";
import { StatusIcon } from "#ui/status.tsx";
import { useText as useControlText } from "#ui/text.ts";
import { useVisibleRange } from "#ui/visible-range.ts";

const ROW_PX = 28;

interface TimelineProps {
  readonly run: RunDetail;
  readonly spans: readonly Span[];
  /** Where the time ends that is shown, epoch ms. */
  readonly now: number;
  readonly chosen: string | null;
  readonly onChoose: (key: string) => void;
  /** Keys of the nodes whose called runs show their steps. */
  readonly opened: { has(key: string): boolean };
  /** null: called runs are not shown. */
  readonly onToggle: ((span: Span) => void) | null;
}

/** A row a node, a bar an attempt. Only the rows that are seen are mounted; arrows go from row to row. */
export function Timeline({ run, spans, now, chosen, onChoose, opened, onToggle }: TimelineProps) {
  const t = useText();
  const [fold, setFold] = useState(true);
  const [brushed, setBrushed] = useState<Stretch | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const range = useVisibleRange(list, spans.length, ROW_PX);
  const scale = useMemo(() => {
    const whole = { from: run.acceptedAt, to: Math.max(now, run.acceptedAt + 1) };
    return timeScale(busyStretches(spans), brushed ?? whole, fold && brushed === null);
  }, [spans, run.acceptedAt, now, fold, brushed]);
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const next = spans[spans.findIndex(({ key }) => key === chosen) + step];
    if (step === 0 || !next) return;
    event.preventDefault();
    onChoose(next.key);
    list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(next.key)}"]`)?.focus();
  };
  return (
    <section aria-label={t("timeline")} className="min-w-0 rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-center justify-end gap-3 border-b border-line px-3 py-1.5 text-sm">
        {brushed && (
          <Button size="small" onClick={() => setBrushed(null)}>
            {t("whole")}
          </Button>
        )}
        <Check label={t("fold")} checked={fold} onChange={(event) => setFold(event.target.checked)} />
      </div>
      <Ruler scale={scale} origin={run.acceptedAt} onBrush={setBrushed} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows are for the buttons inside */}
      <div ref={list} style={{ height: spans.length * ROW_PX }} className="relative overflow-hidden" onKeyDown={move}>
        <Gaps scale={scale} />
        {spans.slice(range.start, range.end).map((span, n) => (
          <Row
            key={span.key}
            span={span}
            top={(range.start + n) * ROW_PX}
            scale={scale}
            origin={run.acceptedAt}
            chosen={span.key === chosen}
            onChoose={onChoose}
          />
        ))}
        {spans
          .slice(range.start, range.end)
          .map((span, n) =>
            onToggle && span.trace && calledRun(span.trace) !== null ? (
              <Toggle key={span.key} span={span} top={(range.start + n) * ROW_PX} open={opened.has(span.key)} onToggle={onToggle} />
            ) : null,
          )}
      </div>
    </section>
  );
}

/** Shows the steps of a called run in their place. It stands on its row, and is no part of it: a button within a button is none. */
function Toggle({ span, top, open, onToggle }: { span: Span; top: number; open: boolean; onToggle: (span: Span) => void }) {
  const t = useText();
  const Icon = open ? ChevronDown : ChevronRight;
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-label={t(open ? "called.hide" : "called.show")}
      onClick={() => onToggle(span)}
      style={{ top, height: ROW_PX, insetInlineStart: span.depth * 14 - 8 }}
      className="absolute flex w-5 items-center justify-center rounded-sm text-quiet hover:text-text focus-visible:-outline-offset-2"
    >
      <Icon size={14} aria-hidden="true" />
    </button>
  );
}

/** The width of the names; the bars have the rest. */
const NAMES = "w-[38%] sm:w-56";

function Gaps({ scale }: { scale: TimeScale }) {
  const t = useText();
  const format = useFormat();
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-y-0 right-0 left-[38%] sm:left-56">
      {scale.gaps.map(({ from, to, left, width }) => (
        <div
          key={from}
          title={t("gap", { time: format.duration(to - from) })}
          className="pointer-events-auto absolute inset-y-0 border-x border-dashed border-line-strong bg-quiet-soft"
          style={{ left: `${left * 100}%`, width: `${width * 100}%` }}
        />
      ))}
    </div>
  );
}

interface RowProps {
  readonly span: Span;
  readonly top: number;
  readonly scale: TimeScale;
  readonly origin: number;
  readonly chosen: boolean;
  readonly onChoose: (key: string) => void;
}

const Row = memo(function Row({ span, top, scale, origin, chosen, onChoose }: RowProps) {
  const t = useText();
  const words = useControlText();
  const format = useFormat();
  const { key, depth, label, status, pieces, kind } = span;
  const from = pieces[0]?.from ?? origin;
  const took = (pieces.at(-1)?.to ?? from) - from;
  const name = t("bar", {
    label,
    status: words(`status.${status}`),
    offset: format.duration(from - origin),
    duration: format.duration(took),
  });
  return (
    <button
      type="button"
      data-key={key}
      aria-pressed={chosen}
      onClick={() => onChoose(key)}
      style={{ top, height: ROW_PX }}
      className={classes(
        "absolute inset-x-0 flex w-full items-center text-start text-sm hover:bg-raised focus-visible:-outline-offset-2",
        chosen && "bg-accent-soft",
      )}
    >
      <span className="sr-only">{name}</span>
      <span
        aria-hidden="true"
        className={classes(NAMES, "flex shrink-0 items-center gap-1.5 pe-2")}
        style={{ paddingInlineStart: 10 + depth * 14 }}
      >
        <StatusIcon status={status} />
        <span className={classes("truncate", kind === "run" && "font-semibold", kind === "item" && "text-quiet")}>{label}</span>
      </span>
      <span aria-hidden="true" className="relative h-full grow overflow-hidden">
        {pieces.map((piece) => (
          <Bar key={`${piece.from}-${piece.kind}`} piece={piece} scale={scale} faint={kind !== "node"} />
        ))}
        {pieces.length > 0 && <After scale={scale} start={from} end={pieces.at(-1)?.to ?? from} text={format.duration(took)} />}
      </span>
    </button>
  );
});

/** Queued: low and grey. Waiting: a dotted line. Run: the full height, at least 2 px. */
function Bar({ piece: { kind, failed, from, to }, scale, faint }: { piece: Piece; scale: TimeScale; faint: boolean }) {
  const left = scale.at(from);
  const width = scale.at(to) - left;
  const look =
    kind === "ran"
      ? classes("top-1.5 bottom-1.5 rounded-xs", failed ? "bg-bad" : "bg-good", faint && "opacity-45")
      : kind === "queued"
        ? "top-[11px] bottom-[11px] bg-line-strong"
        : "top-1/2 border-t-2 border-dotted border-wait";
  return <span className={classes("absolute min-w-0.5", look)} style={{ left: `${left * 100}%`, width: `${width * 100}%` }} />;
}

/** A bar that is shorter, as a share of the time, may have no room for its duration. */
const ROOM = 0.3;

/** The duration stands behind the bar; where there is no room, on its end, and of a short bar before it. */
function After({ scale, start, end, text }: { scale: TimeScale; start: number; end: number; text: string }) {
  const place = scale.at(end);
  const before = place - scale.at(start) < ROOM ? scale.at(start) : place;
  const style = place > 0.8 ? { right: `${(1 - before) * 100}%` } : { left: `min(${place * 100}%, 100% - 4rem)` };
  return (
    <span aria-hidden="true" className="absolute top-1/2 -translate-y-1/2 px-1.5 text-xs whitespace-nowrap text-text" style={style}>
      <span className="rounded-xs bg-surface/80 px-1">{text}</span>
    </span>
  );
}
