import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { GitCompareArrows } from "lucide-react";
import { useState } from "react";
import { type NodeTrace, type RunDetail, runQuery } from "#api/runs.ts";
import { Crumbs } from "#app/crumbs.tsx";
import { type ComparedNode, compareNodes } from "#pages/compare/compare.ts";
import { useText } from "#pages/compare/text.ts";
import { RunValue } from "#parts/run-value.tsx";
import { useFormat } from "#text/format.ts";
import { classes } from "#ui/classes.ts";
import { Dialog } from "#ui/dialog.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, Page } from "#ui/page.tsx";
import { StatusBadge, StatusIcon, statusOf } from "#ui/status.tsx";
import { type Column, Table } from "#ui/table.tsx";
import { useText as useStatusText } from "#ui/text.ts";

const route = getRouteApi("/inside/runs/compare");

/** Two runs side by side: what they took and cost, and what each node did in either. */
export default function ComparePage() {
  const t = useText();
  const { a, b } = route.useSearch();
  return (
    <Page wide title={t("title")}>
      <Crumbs crumbs={[{ label: t("crumb"), to: "/runs" }, { label: t("title") }]} />
      {a !== undefined && b !== undefined ? <Compared a={a} b={b} /> : <Empty icon={GitCompareArrows} title={t("choose")} />}
    </Page>
  );
}

function Compared({ a, b }: { a: string; b: string }) {
  const [left, right] = [useQuery(runQuery(a)), useQuery(runQuery(b))];
  const error = left.error ?? right.error;
  if (error) return <ErrorNotice error={error} />;
  if (!left.data || !right.data) return <Skeleton />;
  return (
    <>
      <Totals a={left.data} b={right.data} />
      <Nodes a={left.data} b={right.data} />
    </>
  );
}

function Totals({ a, b }: { a: RunDetail; b: RunDetail }) {
  const t = useText();
  const format = useFormat();
  const rows = [
    { name: t("duration"), of: (run: RunDetail) => run.executionMs ?? 0, write: format.duration },
    { name: t("tokens"), of: (run: RunDetail) => run.tokens ?? 0, write: format.number },
    { name: t("credits"), of: (run: RunDetail) => run.credits ?? 0, write: format.credits },
  ];
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { key: "name", title: "", cell: ({ name }) => name, head: true },
    { key: "a", title: t("left"), cell: ({ of, write }) => write(of(a)), end: true },
    { key: "b", title: t("right"), cell: ({ of, write }) => write(of(b)), end: true },
    { key: "difference", title: t("difference"), cell: ({ of, write }) => <Difference value={of(b) - of(a)} write={write} />, end: true },
  ];
  return (
    <div className="grid grid-cols-1 gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)]">
      <div className="flex flex-col gap-2">
        {[a, b].map((run, n) => (
          <Link
            key={run.id}
            to="/runs/$run"
            params={{ run: run.id }}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg border border-line bg-surface px-4 py-3 hover:bg-raised"
          >
            <span className="font-semibold">{n === 0 ? t("left") : t("right")}</span>
            <StatusBadge status={statusOf(run)} />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {run.workflowName} <span className="text-quiet">{run.version}</span>
            </span>
            <span className="text-sm text-quiet">{format.time(run.acceptedAt)}</span>
          </Link>
        ))}
      </div>
      <Table label={t("difference")} rows={rows} columns={columns} rowKey={({ name }) => name} />
    </div>
  );
}

function Difference({ value, write }: { value: number; write: (value: number) => string }) {
  if (value === 0) return "±0";
  return (
    <span
      className={classes("font-medium", value > 0 ? "text-wait" : "text-good")}
    >{`${value > 0 ? "+" : "−"}${write(Math.abs(value))}`}</span>
  );
}

function Nodes({ a, b }: { a: RunDetail; b: RunDetail }) {
  const t = useText();
  const [open, setOpen] = useState<ComparedNode | null>(null);
  const columns: readonly Column<ComparedNode>[] = [
    { key: "node", title: t("node"), cell: ({ name }) => name, head: true },
    { key: "a", title: t("left"), cell: (row) => <Side trace={row.a} /> },
    { key: "b", title: t("right"), cell: (row) => <Side trace={row.b} /> },
    {
      key: "output",
      title: t("output"),
      cell: (row) =>
        row.changed ? (
          <button type="button" className="text-accent underline-offset-2 hover:underline touch-target" onClick={() => setOpen(row)}>
            {t("changed")}
          </button>
        ) : (
          <span className="text-quiet">{t("same")}</span>
        ),
    },
  ];
  return (
    <>
      <Table label={t("nodes")} rows={compareNodes(a.nodes, b.nodes)} columns={columns} rowKey={({ key }) => key} />
      {open && (
        <Dialog open wide onClose={() => setOpen(null)} title={`${open.name} · ${t("output")}`}>
          <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
            {(
              [
                ["left", a.id, open.a],
                ["right", b.id, open.b],
              ] as const
            ).map(([side, run, trace]) => (
              <section key={side} className="flex min-w-0 flex-col gap-1.5">
                <h3 className="font-medium">{t(side)}</h3>
                <RunValue run={run} value={trace?.output ?? null} preview={trace?.outputPreview} label={`${open.key} ${t(side)}`} />
              </section>
            ))}
          </div>
        </Dialog>
      )}
    </>
  );
}

function Side({ trace }: { trace: NodeTrace | null }) {
  const t = useText();
  const status = useStatusText();
  const format = useFormat();
  if (!trace) return <span className="text-quiet">{t("absent")}</span>;
  const { startedAt, endedAt, tokens, port } = trace;
  const parts = [
    startedAt !== undefined && endedAt !== undefined ? format.duration(endedAt - startedAt) : null,
    tokens ? t("tokens.of", { count: tokens }) : null,
    port ?? null,
  ];
  return (
    <span className="inline-flex items-center gap-1.5">
      <StatusIcon status={trace.status} />
      {trace.status !== "SUCCEED" && <span className="font-medium">{status(`status.${trace.status}`)}</span>}
      {parts.filter((part) => part !== null).join(" · ")}
    </span>
  );
}
