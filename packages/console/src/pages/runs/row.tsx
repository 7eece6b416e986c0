import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RunHeader } from "#api/runs.ts";
import { CellButton, type ChosenCell, statusCell } from "#pages/runs/cells.tsx";
import { type ColumnName, gridOf, type RunColumn } from "#pages/runs/columns.ts";
import { useText } from "#pages/runs/text.ts";
import { useFormat } from "#text/format.ts";
import { classes } from "#ui/classes.ts";
import { StatusBadge, statusOf } from "#ui/status.tsx";
import { useText as useStatusText } from "#ui/text.ts";

/** Heights of a row and of a card, px: only what is seen is mounted, so all are alike. */
export const ROW_PX = 40;
export const CARD_PX = 112;

/** Of a row, and of the row of titles. */
export const GRID = "grid items-center gap-x-3 px-3";

interface RowProps {
  readonly run: RunHeader;
  readonly columns: readonly RunColumn[];
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
  const { columns, index, current } = props;
  const place = { position: "absolute", insetInline: 0, top: index * ROW_PX, height: ROW_PX, ...gridOf(columns) } as const;
  return (
    <tr
      aria-rowindex={index + 2}
      aria-current={current || undefined}
      style={place}
      className={classes(GRID, "border-t border-line first:border-t-0 hover:bg-raised", markOf(props))}
    >
      <td className="flex">
        <Checkbox {...props} />
      </td>
      {columns.map(({ name }) => {
        const { className, Value } = CELLS[name];
        return (
          <td key={name} className={className}>
            <Value {...props} />
          </td>
        );
      })}
    </tr>
  );
}

interface CellLook {
  readonly className?: string;
  readonly Value: (props: RowProps) => ReactNode;
}

const CELLS: Readonly<Record<ColumnName, CellLook>> = {
  status: { Value: StatusCell },
  run: { Value: ({ run }) => <RunId id={run.id} /> },
  workflow: { className: "flex min-w-0 gap-1", Value: WorkflowCell },
  user: { className: "truncate", Value: UserCell },
  key: { className: "truncate", Value: KeyCell },
  trigger: { className: "truncate", Value: TriggerCell },
  when: { className: "truncate text-quiet", Value: When },
  duration: { Value: ({ run, longest }) => <Duration run={run} longest={longest} bar /> },
  tokens: { className: "text-end", Value: Tokens },
  credits: { className: "text-end", Value: Credits },
  error: { className: "truncate ps-2 font-mono text-sm text-bad", Value: ErrorCell },
};

function StatusCell({ run, onCell }: RowProps) {
  const words = useStatusText();
  const status = statusOf(run);
  return (
    <CellButton cell={statusCell(run, words(`status.${status}`))} onChoose={onCell}>
      <StatusBadge status={status} />
    </CellButton>
  );
}

function WorkflowCell({ run: { workflowId, workflowName, version }, onCell }: RowProps) {
  return (
    <>
      <CellButton cell={{ label: workflowName, only: { workflow: workflowId }, name: "workflow", value: workflowName }} onChoose={onCell} />
      <span className="shrink-0 text-quiet">
        <CellButton cell={{ label: version, only: { version }, name: "version", value: version }} onChoose={onCell} />
      </span>
    </>
  );
}

function UserCell({ run: { userId }, onCell }: RowProps) {
  if (userId === undefined) return null;
  return <CellButton cell={{ label: userId, only: { user: userId }, name: "user", value: userId }} onChoose={onCell} />;
}

function KeyCell({ run: { key }, onCell }: RowProps) {
  if (key === undefined) return null;
  const label = key.name ?? key.hint ?? key.id;
  return <CellButton cell={{ label, only: { key: key.id }, name: "key", value: key.id }} onChoose={onCell} />;
}

function TriggerCell({ run: { trigger }, onCell }: RowProps) {
  const words = useStatusText();
  return <CellButton cell={{ label: words(`trigger.${trigger}`), only: { trigger }, name: "trigger", value: trigger }} onChoose={onCell} />;
}

function Tokens({ run: { tokens } }: RowProps) {
  const format = useFormat();
  return tokens === undefined ? null : format.number(tokens);
}

function Credits({ run: { credits } }: RowProps) {
  const format = useFormat();
  return credits === undefined ? null : format.credits(credits);
}

function ErrorCell({ run: { errorType }, onCell }: RowProps) {
  if (errorType === undefined) return null;
  return <CellButton cell={{ label: errorType, only: { error: errorType }, name: "error", value: errorType }} onChoose={onCell} />;
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

function When({ run: { acceptedAt } }: Pick<RowProps, "run">) {
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
        <span aria-hidden="true" className="flex h-2 w-16 shrink-0 items-end overflow-hidden rounded-sm bg-quiet-soft">
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
