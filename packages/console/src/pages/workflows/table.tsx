import type { WorkflowSummary } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleDot } from "lucide-react";
import { runStatsQuery } from "#api/stats.ts";
import { RowMenu } from "#pages/workflows/row-menu.tsx";
import { useText } from "#pages/workflows/text.ts";
import { useFormat } from "#text/format.ts";
import { CountedSpark } from "#ui/spark.tsx";
import { type Column, Table } from "#ui/table.tsx";

const WEEK_HOURS = 168;

/** Each workflow with how its runs went in the last seven days. */
export function WorkflowTable({ workflows }: { workflows: readonly WorkflowSummary[] }) {
  const t = useText();
  const format = useFormat();
  const { data: stats } = useQuery(runStatsQuery(WEEK_HOURS));
  const figures = new Map(stats?.workflows.map((row) => [row.workflowId, row]));
  const columns: readonly Column<WorkflowSummary>[] = [
    { key: "name", title: t("name"), cell: (row) => <Name workflow={row} />, head: true },
    {
      key: "live",
      title: t("live"),
      cell: ({ liveVersion }) => liveVersion ?? <span className="whitespace-nowrap text-quiet">{t("live.none")}</span>,
    },
    {
      key: "draft",
      title: t("draft"),
      cell: ({ differs }) =>
        differs && (
          <span className="inline-flex items-center gap-1 whitespace-nowrap text-wait" title={t("state.differs")}>
            <CircleDot size={13} aria-hidden="true" />
            {t("draft.ahead")}
          </span>
        ),
    },
    {
      key: "runs",
      title: t("runs"),
      cell: ({ id }) => {
        const row = figures.get(id);
        return <CountedSpark of={row} label={t("spark", { count: row?.runs ?? 0, failed: row?.failed ?? 0 })} />;
      },
      end: true,
    },
    {
      key: "failed",
      title: t("failed"),
      cell: ({ id }) => {
        const row = figures.get(id);
        return row && row.ended > 0 ? format.percent(row.failed / row.ended) : "–";
      },
      end: true,
    },
    {
      key: "p95",
      title: t("p95"),
      cell: ({ id }) => {
        const ms = figures.get(id)?.p95Ms;
        return typeof ms === "number" ? format.duration(ms) : "–";
      },
      end: true,
    },
    { key: "credits", title: t("credits"), cell: ({ id }) => format.credits(figures.get(id)?.credits ?? 0), end: true },
    { key: "updated", title: t("updated"), cell: ({ updatedAt }) => format.relative(updatedAt, Date.now()), end: true },
    { key: "menu", title: "", cell: (row) => <RowMenu workflow={row} />, end: true },
  ];
  return <Table label={t("title")} rows={workflows} columns={columns} rowKey={({ id }) => id} />;
}

function Name({ workflow: { id, name, description, tags = [], apiEnabled } }: { workflow: WorkflowSummary }) {
  const t = useText();
  return (
    <span className="flex flex-col">
      <span className="flex flex-wrap items-center gap-2">
        <Link
          to="/workflows/$workflow/edit"
          params={{ workflow: id }}
          className="font-medium [overflow-wrap:anywhere] hover:text-accent hover:underline"
        >
          {name}
        </Link>
        {!apiEnabled && <span className="rounded-full bg-quiet-soft px-2 text-xs text-quiet">{t("api.off")}</span>}
      </span>
      {description !== undefined && <span className="line-clamp-1 text-sm text-quiet">{description}</span>}
      {tags.length > 0 && (
        <span className="mt-1 flex flex-wrap gap-1">
          {tags.map((tag) => (
            <Link
              key={tag}
              from="/workflows"
              search={(before) => ({ ...before, tag })}
              aria-label={t("tag.show", { tag })}
              className="inline-flex max-w-48 items-center rounded-full border border-line px-2 text-xs text-quiet hover:border-line-strong hover:text-text"
            >
              <span className="truncate">{tag}</span>
            </Link>
          ))}
        </span>
      )}
    </span>
  );
}
