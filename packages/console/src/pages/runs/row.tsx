import { Link } from "@tanstack/react-router";
import type { RunHeader } from "#api/runs.ts";
import { CellButton, type ChosenCell, statusCell } from "#pages/runs/cells.tsx";
import { useText } from "#pages/runs/text.ts";
import { useFormat } from "#text/format.ts";
import { classes } from "#ui/classes.ts";
import { StatusBadge, statusOf } from "#ui/status.tsx";
import { useText as useStatusText } from "#ui/text.ts";

/** Heights of a row and of a card, px: only what is seen is mounted, so all are alike. */
export const ROW_PX = 40;
export const CARD_PX = 112;

/** The row of titles has the same. */
export const COLUMNS =
  "grid grid-cols-[1.75rem_8.5rem_8rem_minmax(9rem,2.4fr)_minmax(4.5rem,1fr)_7rem_10rem_4.5rem_4.5rem_minmax(6rem,1fr)] items-center gap-x-3 px-3";

interface RowProps {
  readonly run: RunHeader;
  /** Among all rows, from 0. */
  readonly index: number;
  readonly longest: number;
  readonly current: boolean;
  readonly checked: boolean;
  readonly onCheck: () => void;
  readonly onCell: (cell: ChosenCell) => void;
}

function markOf({ current, checked }: RowProps): string {
  return current ? "bg-accent-soft" : checked ? "bg-raised" : "";
}

export function RunCard(props: RowProps) {
  const { run, index, longest } = props;
  const place = { position: "absolute", insetInline: 0, top: index * CARD_PX, height: CARD_PX - 8 } as const;
  return (
    <tr
      aria-rowindex={index + 2}
      style={place}
      className={classes("flex flex-col gap-1 rounded-lg border border-line bg-surface p-3", markOf(props))}
    >
      <td className="flex items-center gap-2">
        <Checkbox {...props} />
        <StatusBadge status={statusOf(run)} />
        <span className="ms-auto text-sm text-quiet">
          <When run={run} />
        </span>
      </td>
      <td className="flex min-w-0 gap-1">
        <span className="truncate">{run.workflowName}</span> <span className="shrink-0 text-quiet">{run.version}</span>
      </td>
      <td className="flex gap-3 text-sm text-quiet">
        <RunId id={run.id} /> <Duration run={run} longest={longest} bar={false} />
        <span className="truncate font-mono text-bad">{run.errorType}</span>
      </td>
    </tr>
  );
}

export function RunRow(props: RowProps) {
  const format = useFormat();
  const words = useStatusText();
  const { run, index, longest, current, onCell } = props;
  const status = statusOf(run);
  const place = { position: "absolute", insetInline: 0, top: index * ROW_PX, height: ROW_PX } as const;
  return (
    <tr
      aria-rowindex={index + 2}
      aria-current={current || undefined}
      style={place}
      className={classes(COLUMNS, "border-t border-line first:border-t-0 hover:bg-raised", markOf(props))}
    >
      <td className="flex">
        <Checkbox {...props} />
      </td>
      <td>
        <CellButton cell={statusCell(run, words(`status.${status}`))} onChoose={onCell}>
          <StatusBadge status={status} />
        </CellButton>
      </td>
      <td>
        <RunId id={run.id} />
      </td>
      <td className="flex min-w-0 gap-1">
        <CellButton
          cell={{ label: run.workflowName, only: { workflow: run.workflowId }, name: "workflow", value: run.workflowName }}
          onChoose={onCell}
        />
        <span className="shrink-0 text-quiet">
          <CellButton
            cell={{ label: run.version, only: { version: run.version }, name: "version", value: run.version }}
            onChoose={onCell}
          />
        </span>
      </td>
      <td className="truncate">
        {run.userId !== undefined && (
          <CellButton cell={{ label: run.userId, only: { user: run.userId }, name: "user", value: run.userId }} onChoose={onCell} />
        )}
      </td>
      <td className="truncate text-quiet">
        <When run={run} />
      </td>
      <td>
        <Duration run={run} longest={longest} bar />
      </td>
      <td className="text-end">{run.tokens === undefined ? "" : format.number(run.tokens)}</td>
      <td className="text-end">{run.credits === undefined ? "" : format.credits(run.credits)}</td>
      <td className="truncate font-mono text-sm text-bad">
        {run.errorType !== undefined && (
          <CellButton
            cell={{ label: run.errorType, only: { error: run.errorType }, name: "error", value: run.errorType }}
            onChoose={onCell}
          />
        )}
      </td>
    </tr>
  );
}

function Checkbox({ run, checked, onCheck }: RowProps) {
  const t = useText();
  return (
    <input
      type="checkbox"
      aria-label={t("select", { id: shortId(run.id) })}
      className="size-4 accent-accent"
      checked={checked}
      onChange={onCheck}
    />
  );
}

function When({ run: { acceptedAt } }: { run: RunHeader }) {
  const format = useFormat();
  return <time title={format.time(acceptedAt)}>{format.relative(acceptedAt, Date.now())}</time>;
}

function RunId({ id }: { id: string }) {
  return (
    <Link to="/runs/$run" params={{ run: id }} title={id} className="font-mono text-sm text-accent underline-offset-2 hover:underline">
      {shortId(id)}
    </Link>
  );
}

function shortId(id: string): string {
  return `${id.slice(0, 8)}…${id.slice(-4)}`;
}

/** From acceptance to the end: what the caller waited. */
export function spanMs({ acceptedAt, endedAt }: RunHeader): number {
  return (endedAt ?? acceptedAt) - acceptedAt;
}

/** The bar: queued in grey, then run; as long as the run was beside the longest one that is seen. */
function Duration({ run, longest, bar }: { run: RunHeader; longest: number; bar: boolean }) {
  const format = useFormat();
  if (run.endedAt === undefined) return null;
  const queued = (run.startedAt ?? run.endedAt) - run.acceptedAt;
  const share = (ms: number) => `${(ms / longest) * 100}%`;
  return (
    <span className="flex items-center gap-2">
      {bar && (
        <span aria-hidden="true" className="flex h-2 w-20 shrink-0 items-end overflow-hidden rounded-sm bg-quiet-soft">
          <span className="h-1 bg-line-strong" style={{ width: share(queued) }} />
          <span
            className={classes("h-2", run.status === "FAILED" ? "bg-bad" : "bg-good")}
            style={{ width: `max(2px, ${share(spanMs(run) - queued)})` }}
          />
        </span>
      )}
      <span className="whitespace-nowrap">{format.duration(run.executionMs ?? 0)}</span>
    </span>
  );
}
