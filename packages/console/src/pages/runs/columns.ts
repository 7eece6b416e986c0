import { useState } from "react";
import { choices } from "#app/choices.ts";
import type { useText } from "#pages/runs/text.ts";
import { useCramped } from "#ui/use-narrow.ts";

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
  { name: "workflow", rem: 8.5, share: 4, title: "filter.workflow" },
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
/** Where there is no room for all of them: what failed, and of what, is never off to the side. */
const USUAL_CRAMPED: ReadonlySet<string> = USUAL.difference(new Set(["tokens", "credits"]));

const CHECKBOX_REM = 1.75;
/** Between columns, and at both ends of a row. */
const GAP_REM = 0.75;

const CHOSEN = "millrace.runs.columns";

/** Columns that were chosen in this browser; null: nobody chose. */
function chosenColumns(): ReadonlySet<string> | null {
  const kept = choices.get(CHOSEN);
  return kept === null ? null : new Set(kept.split(" "));
}

/** Which columns the list has, and what shows or hides one of them. */
export function useColumns() {
  const usual = useCramped() ? USUAL_CRAMPED : USUAL;
  const [own, setOwn] = useState(chosenColumns);
  const chosen = own ?? usual;
  const toggle = (name: ColumnName) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    choices.set(CHOSEN, [...next].join(" "));
    setOwn(next);
  };
  return { columns: ALL_COLUMNS.filter(({ name }) => FIXED.has(name) || chosen.has(name)), toggle };
}

/** Of a row, and of the row of titles: beside the box that chooses a run. */
export function gridOf(columns: readonly Look[]): { readonly gridTemplateColumns: string } {
  const widths = columns.map(({ rem, share }) => (share === undefined ? `${rem}rem` : `minmax(${rem}rem,${share}fr)`));
  return { gridTemplateColumns: `${CHECKBOX_REM}rem ${widths.join(" ")}` };
}

/** Below it the list scrolls to the side. */
export function leastWidth(columns: readonly Look[]): { readonly minWidth: string } {
  const rem = columns.reduce((sum, column) => sum + column.rem + GAP_REM, CHECKBOX_REM);
  return { minWidth: `${rem + 2 * GAP_REM}rem` };
}
