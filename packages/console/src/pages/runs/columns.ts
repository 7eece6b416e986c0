import { type RefObject, useLayoutEffect, useState } from "react";
import { choices } from "#app/choices.ts";
import type { useText } from "#pages/runs/text.ts";

interface Look {
  readonly name: string;
  readonly rem: number;
  /** Its share of what is left. */
  readonly share?: number;
  readonly title: Parameters<ReturnType<typeof useText>>[0];
}

/** The columns of the list in their order: how wide each is at least, which of them take what is left, and their titles. */
const COLUMNS = [
  { name: "status", rem: 8.5, title: "filter.status" },
  { name: "run", rem: 7, title: "run" },
  { name: "workflow", rem: 9.5, share: 4, title: "filter.workflow" },
  { name: "user", rem: 4, share: 1, title: "filter.user" },
  { name: "key", rem: 7, share: 1, title: "filter.key" },
  { name: "trigger", rem: 6, title: "filter.trigger" },
  { name: "when", rem: 6, title: "when" },
  { name: "duration", rem: 9, title: "duration" },
  { name: "tokens", rem: 4.5, title: "tokens" },
  { name: "credits", rem: 4.5, title: "credits" },
  { name: "error", rem: 5.5, share: 1, title: "error" },
] as const satisfies readonly Look[];

export type ColumnName = (typeof COLUMNS)[number]["name"];
export type RunColumn = (typeof COLUMNS)[number];

export const ALL_COLUMNS: readonly RunColumn[] = COLUMNS;

/** A row says what became of which run, whatever else is left out. */
export const FIXED: ReadonlySet<ColumnName> = new Set(["status", "run"]);

/** Shown where nobody chose: what most lists differ in. */
const USUAL: ReadonlySet<string> = new Set(["workflow", "user", "when", "duration", "tokens", "credits", "error"]);
/** What is left out, one after another, where there is no room for all of them: nothing is off to the side. */
const DISPENSABLE: readonly string[] = ["credits", "tokens", "user", "duration", "when", "error"];

const CHECKBOX_REM = 1.75;
/** Between columns, and at both ends of a row. */
const GAP_REM = 0.75;

/** Of the list, at both of its sides. */
const BORDERS_PX = 2;

const CHOSEN = "millrace.runs.columns";

/** Columns that were chosen in this browser; null: nobody chose. */
function chosenColumns(): ReadonlySet<string> | null {
  const kept = choices.get(CHOSEN);
  return kept === null ? null : new Set(kept.split(" "));
}

/**
 * Which columns the list has, and what shows or hides one of them. Those that somebody chose are shown whatever the room.
 * @param frame is as wide as the list
 */
export function useColumns(frame: RefObject<HTMLElement | null>) {
  const left = useLeftOut(frame);
  const [own, setOwn] = useState(chosenColumns);
  const chosen = own ?? USUAL.difference(new Set(DISPENSABLE.slice(0, left)));
  const toggle = (name: ColumnName) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    choices.set(CHOSEN, [...next].join(" "));
    setOwn(next);
  };
  return { columns: shownOf(chosen), toggle };
}

function shownOf(chosen: ReadonlySet<string>): readonly RunColumn[] {
  return ALL_COLUMNS.filter(({ name }) => FIXED.has(name) || chosen.has(name));
}

/** How many of the dispensable columns have no room, anew whenever the frame changes its width. */
function useLeftOut(frame: RefObject<HTMLElement | null>): number {
  const [left, setLeft] = useState(0);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => setLeft(leftOutAt((element.clientWidth - BORDERS_PX) / remPx()));
    measure();
    const size = new ResizeObserver(measure);
    size.observe(element);
    return () => size.disconnect();
  }, [frame]);
  return left;
}

/** @param roomRem width of the frame */
function leftOutAt(roomRem: number): number {
  const fits = (left: number) => leastRem(shownOf(USUAL.difference(new Set(DISPENSABLE.slice(0, left))))) <= roomRem;
  const found = DISPENSABLE.findIndex((_, left) => fits(left));
  return found === -1 ? DISPENSABLE.length : found;
}

function remPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** Of a row, and of the row of titles: beside the box that chooses a run. */
export function gridOf(columns: readonly Look[]): { readonly gridTemplateColumns: string } {
  const widths = columns.map(({ rem, share }) => (share === undefined ? `${rem}rem` : `minmax(${rem}rem,${share}fr)`));
  return { gridTemplateColumns: `${CHECKBOX_REM}rem ${widths.join(" ")}` };
}

/** Below it the list scrolls to the side. */
export function leastWidth(columns: readonly Look[]): { readonly minWidth: string } {
  return { minWidth: `${leastRem(columns)}rem` };
}

function leastRem(columns: readonly Look[]): number {
  return columns.reduce((sum, column) => sum + column.rem + GAP_REM, CHECKBOX_REM + 2 * GAP_REM);
}
