import type { RunStatsAnswer, UsageReport } from "@millrace/contract";
import { Link, useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useMemo } from "react";
import { daysSpanOf, endOfDay, type Span, spanOf } from "#pages/usage/span.ts";
import { useText } from "#pages/usage/text.ts";
import { useFormat } from "#text/format.ts";
import { useLanguage } from "#text/text.tsx";
import type { Series } from "#ui/chart.tsx";
import { Skeleton } from "#ui/notice.tsx";
import { Card } from "#ui/page.tsx";
import { type Column, Table } from "#ui/table.tsx";

const Chart = lazy(async () => ({ default: (await import("#ui/chart.tsx")).Chart }));

interface Point {
  readonly at: number;
  readonly until: number;
  readonly runs: number;
  readonly failed: number;
}

/** Two pictures with one crosshair, and the numbers behind them. */
export function Charts({ stats, days }: { stats: RunStatsAnswer; days: UsageReport }) {
  const t = useText();
  const format = useFormat();
  const points = useMemo(() => pointsOf(stats), [stats]);
  const times = useMemo(() => points.map(({ at }) => at), [points]);
  const runs = useMemo(
    () => [
      { name: t("runs"), values: points.map((point) => point.runs), colour: "accent" as const },
      { name: t("failed"), values: points.map((point) => point.failed), colour: "bad" as const },
    ],
    [points, t],
  );
  const open = useRunsOf();
  const paidTimes = useMemo(() => days.data.map(({ value }) => Date.parse(`${value}T00:00`)), [days]);
  const paid = useMemo(
    () => [{ name: t("credits"), values: days.data.map(({ credits }) => Number(credits)), colour: "busy" as const }],
    [days, t],
  );
  return (
    <div className="grid grid-cols-1 gap-5 lg:grid-cols-2">
      <Picture
        title={t("chart.runs")}
        none={t("chart.none")}
        span={spanOf(stats)}
        times={times}
        series={runs}
        whole
        write={format.number}
        onChoose={(index) => open(points[index])}
      >
        <Numbers points={points} />
      </Picture>
      <Picture
        title={t("chart.credits")}
        none={t("table.none")}
        span={daysSpanOf(stats, paidTimes)}
        times={paidTimes}
        series={paid}
        write={format.credits}
        onChoose={(index) => open(dayOf(paidTimes[index]))}
      />
    </div>
  );
}

/** The list of runs as these were counted: those of one bar, without drafts. */
function runsOf({ at, until }: Pick<Point, "at" | "until">) {
  return { since: at, until, where: 'run.trigger != "draft"' };
}

function useRunsOf() {
  const navigate = useNavigate();
  return (bar: Pick<Point, "at" | "until"> | undefined) => {
    if (bar) void navigate({ to: "/runs", search: runsOf(bar) });
  };
}

function dayOf(at: number | undefined) {
  return at === undefined ? undefined : { at, until: endOfDay(at) };
}

interface PictureProps {
  readonly title: string;
  readonly span: Span;
  readonly times: readonly number[];
  readonly series: readonly Series[];
  /** Said where there is nothing to draw: axes around nothing would have made-up numbers. */
  readonly none: string;
  readonly whole?: boolean;
  readonly write: (value: number) => string;
  readonly onChoose: (index: number) => void;
  readonly children?: ReactNode;
}

function Picture({ title, none, span: { from, to }, children, ...drawn }: PictureProps) {
  const t = useText();
  const { language } = useLanguage();
  if (!drawn.series.some(({ values }) => values.some((value) => value > 0))) {
    return (
      <Card title={title}>
        <p className="flex min-h-40 items-center justify-center text-center text-quiet">{none}</p>
      </Card>
    );
  }
  return (
    <Card title={title}>
      <Suspense fallback={<Skeleton rows={3} />}>
        <Chart label={title} when={t("chart.when")} crosshair="usage" language={language} from={from} to={to} {...drawn} />
      </Suspense>
      {children}
    </Card>
  );
}

function pointsOf({ from, bucketMs, total: { series, failures } }: RunStatsAnswer): Point[] {
  return series.map((runs, index) => ({
    at: from + index * bucketMs,
    until: from + (index + 1) * bucketMs,
    runs,
    failed: failures[index] ?? 0,
  }));
}

/** What a click on the bar does, for those who cannot see it. */
function Moment({ of: point }: { of: Point }) {
  const format = useFormat();
  return (
    <Link to="/runs" search={runsOf(point)} className="text-accent underline-offset-2 hover:underline">
      {format.time(point.at)}
    </Link>
  );
}

function Numbers({ points }: { points: readonly Point[] }) {
  const t = useText();
  const format = useFormat();
  const columns: readonly Column<Point>[] = [
    { key: "at", title: t("chart.when"), head: true, cell: (point) => <Moment of={point} /> },
    { key: "runs", title: t("runs"), end: true, cell: ({ runs }) => format.number(runs) },
    { key: "failed", title: t("failed"), end: true, cell: ({ failed }) => format.number(failed) },
  ];
  return (
    <details className="mt-2">
      <summary className="text-sm text-quiet">{t("chart.numbers")}</summary>
      <div className="mt-2 max-h-72 overflow-y-auto">
        <Table label={t("chart.runs")} rows={points.filter(({ runs }) => runs > 0)} columns={columns} rowKey={({ at }) => String(at)} />
      </div>
    </details>
  );
}
