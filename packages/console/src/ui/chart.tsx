import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { classes } from "#ui/classes.ts";
import "#ui/chart.css";

export interface Series {
  readonly name: string;
  readonly values: readonly number[];
  /** A token of the theme: `accent`, `bad`. */
  readonly colour: "accent" | "bad" | "busy";
}

interface ChartProps {
  readonly label: string;
  /** What the moments are called. */
  readonly when: string;
  /** Moments of the values, and where the picture begins and ends; epoch ms. */
  readonly times: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly series: readonly Series[];
  /** Charts of one name share their crosshair. */
  readonly crosshair: string;
  /** Of values that have no fractions: the axis has none either. */
  readonly whole?: boolean;
  readonly write: (value: number) => string;
  readonly language: string;
  /** A bar was clicked: which, counted from the first. */
  readonly onChoose?: (index: number) => void;
}

const HEIGHT = 160;
const WHOLE_STEPS = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

/** Bars over time, with a crosshair that reads the values; the numbers stand beside it for those who cannot see it. */
export function Chart({ label, times, onChoose, ...drawing }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const choose = useRef(onChoose);
  choose.current = onChoose;
  const { series, crosshair, whole = false, write, language, when, from, to } = drawing;
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const draw = () => {
      const drawn = new uPlot(
        optionsOf(element, { series, crosshair, whole, write, language, when, from, to }),
        dataOf(times, series),
        element,
      );
      drawn.over.addEventListener("click", (event) => {
        const index = barAt(drawn, times, event);
        if (index >= 0) choose.current?.(index);
      });
      return drawn;
    };
    let plot = draw();
    const again = () => {
      plot.destroy();
      plot = draw();
    };
    // Colours are read when it is drawn: another theme draws it anew.
    const theme = new MutationObserver(again);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", again);
    const size = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    size.observe(element);
    return () => {
      theme.disconnect();
      dark.removeEventListener("change", again);
      size.disconnect();
      plot.destroy();
    };
  }, [times, series, crosshair, whole, write, language, when, from, to]);
  return (
    <div ref={host} role="img" aria-label={label} className={classes("w-full overflow-hidden", onChoose && "[&_.u-over]:cursor-pointer")} />
  );
}

/** The bar over which the pointer is: a bar begins at its moment. -1 before the first. */
function barAt(plot: uPlot, times: readonly number[], { clientX }: MouseEvent): number {
  const at = plot.posToVal(clientX - plot.over.getBoundingClientRect().left, "x") * 1_000;
  return times.findLastIndex((time) => time <= at);
}

function dataOf(times: readonly number[], series: readonly Series[]): uPlot.AlignedData {
  return [times.map((at) => at / 1_000), ...series.map(({ values }) => [...values])];
}

type Drawing = Omit<ChartProps, "label" | "times">;

function optionsOf(element: HTMLElement, { series, crosshair, whole, write, language, when, from, to }: Drawing): uPlot.Options {
  const colour = (name: string) => getComputedStyle(element).getPropertyValue(`--${name}`).trim();
  const resolved = (name: string) => resolve(element, colour(name));
  const line = resolved("line");
  const axis = { stroke: resolved("quiet"), grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" });
  // A value is that of the time which begins there: its bar stands after the mark.
  const bars = uPlot.paths.bars?.({ size: [0.7, 40], align: 1 });
  return {
    width: element.clientWidth,
    height: HEIGHT,
    cursor: { sync: { key: crosshair }, points: { show: false } },
    legend: { live: true },
    scales: { x: { range: [from / 1_000, to / 1_000] }, y: { range: (_plot, _low, high) => [0, Math.max(high ?? 0, 1)] } },
    axes: [
      { ...axis, values: (_plot, splits) => labels(splits, to / 1_000, language) },
      { ...axis, size: 56, ...(whole && { incrs: WHOLE_STEPS }), values: (_plot, splits) => splits.map(write) },
    ],
    series: [
      { label: when, value: (_plot, seconds) => (seconds === null ? "" : moment.format(seconds * 1_000)) },
      ...series.map(({ name, colour: token }) => ({
        label: name,
        stroke: resolved(token),
        width: 0,
        fill: resolved(token),
        ...(bars && { paths: bars }),
        points: { show: false },
        value: (_plot: uPlot, value: number | null) => (value === null ? "" : write(value)),
      })),
    ],
  };
}

/** What `light-dark()` comes to here: a canvas does not know it. */
function resolve(element: HTMLElement, value: string): string {
  const probe = document.createElement("span");
  probe.style.color = value;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const DAY_S = 86_400;

/** Days where the marks are days apart, hours where they are nearer. The end has none: it would name a day of which nothing is shown. */
function labels(seconds: readonly number[], end: number, language: string): string[] {
  const [first = 0, second = DAY_S] = seconds;
  const format =
    second - first >= DAY_S
      ? new Intl.DateTimeFormat(language, { month: "numeric", day: "numeric" })
      : new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
  return seconds.map((at) => (at < end ? format.format(at * 1_000) : ""));
}
