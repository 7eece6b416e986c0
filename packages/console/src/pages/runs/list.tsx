import { useNavigate } from "@tanstack/react-router";
import { type RefObject, useRef, useState } from "react";
import type { RunHeader } from "#api/runs.ts";
import { useShortcuts } from "#app/shortcuts.ts";
import { CellMenu, type ChosenCell } from "#pages/runs/cells.tsx";
import { gridOf, leastWidth, type RunColumn } from "#pages/runs/columns.ts";
import { CARD_PX, GRID, ROW_PX, RunCard, RunRow, spanMs } from "#pages/runs/row.tsx";
import type { RunsSearch } from "#pages/runs/search.ts";
import { useText } from "#pages/runs/text.ts";
import { ReplayDialog } from "#parts/replay/dialog.tsx";
import { classes } from "#ui/classes.ts";
import { useNarrow } from "#ui/use-narrow.ts";
import { useVisibleRange } from "#ui/visible-range.ts";

interface RunListProps {
  readonly runs: readonly RunHeader[];
  readonly columns: readonly RunColumn[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly onFilter: (change: (search: RunsSearch) => RunsSearch) => void;
}

/** Runs, newest first. `j` and `k` go from row to row, Enter opens, `r` replays. */
export function RunList({ runs, columns, selected, onSelect, onFilter }: RunListProps) {
  const t = useText();
  const narrow = useNarrow();
  const body = useRef<HTMLTableSectionElement>(null);
  const Row = narrow ? RunCard : RunRow;
  const rowPx = narrow ? CARD_PX : ROW_PX;
  const range = useVisibleRange(body, runs.length, rowPx);
  const [at, setAt] = useState<string | null>(null);
  const [cell, setCell] = useState<ChosenCell | null>(null);
  const [replayed, setReplayed] = useState<RunHeader | null>(null);
  useRowKeys(runs, at, setAt, body, rowPx, setReplayed);
  const longest = Math.max(1, ...runs.slice(range.start, range.end).map(spanMs));
  const toggle = (id: string) =>
    onSelect(selected.has(id) ? new Set([...selected].filter((one) => one !== id)) : new Set([...selected, id]));
  const all = runs.every(({ id }) => selected.has(id));
  return (
    <div className={narrow ? "" : "overflow-x-auto rounded-lg border border-line bg-surface"}>
      <table aria-label={t("title")} aria-rowcount={runs.length + 1} className="block" style={narrow ? undefined : leastWidth(columns)}>
        <thead className="block">
          <tr
            className={narrow ? "sr-only" : classes(GRID, "h-9 border-b border-line text-sm font-medium text-quiet")}
            style={narrow ? undefined : gridOf(columns)}
          >
            <th scope="col" className="flex">
              <input
                type="checkbox"
                aria-label={t("select.all")}
                className="size-4 accent-accent"
                checked={all}
                onChange={() => onSelect(all ? new Set() : new Set(runs.map(({ id }) => id)))}
              />
            </th>
            {columns.map(({ name, title }) => (
              <th
                key={name}
                scope="col"
                className={classes(
                  "font-medium",
                  name === "tokens" || name === "credits" ? "text-end" : "text-start",
                  name === "error" && "ps-2",
                )}
              >
                {t(title)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} style={{ height: runs.length * rowPx }} className="relative block">
          {runs.slice(range.start, range.end).map((run, n) => (
            <Row
              key={run.id}
              run={run}
              columns={columns}
              index={range.start + n}
              longest={longest}
              current={run.id === at}
              checked={selected.has(run.id)}
              onCheck={() => toggle(run.id)}
              onCell={setCell}
            />
          ))}
        </tbody>
      </table>
      {cell && <CellMenu cell={cell} onChange={onFilter} onClose={() => setCell(null)} />}
      {replayed && <ReplayDialog run={replayed} onClose={() => setReplayed(null)} />}
    </div>
  );
}

function useRowKeys(
  runs: readonly RunHeader[],
  at: string | null,
  setAt: (id: string) => void,
  body: RefObject<HTMLTableSectionElement | null>,
  rowPx: number,
  replay: (run: RunHeader) => void,
): void {
  const navigate = useNavigate();
  const place = runs.findIndex(({ id }) => id === at);
  const go = (next: number) => {
    const run = runs[Math.min(Math.max(next, 0), runs.length - 1)];
    if (!run) return;
    setAt(run.id);
    const top = (body.current?.getBoundingClientRect().top ?? 0) + runs.indexOf(run) * rowPx;
    if (top < 100) window.scrollBy({ top: top - 100 });
    else if (top > window.innerHeight - 100) window.scrollBy({ top: top - window.innerHeight + 100 });
  };
  const run = runs[place];
  useShortcuts({
    "runs.next": () => go(place + 1),
    "runs.previous": () => go(place - 1),
    ...(run && {
      "runs.open": () => void navigate({ to: "/runs/$run", params: { run: run.id } }),
      "runs.replay": () => replay(run),
    }),
  });
}
