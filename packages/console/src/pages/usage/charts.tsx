import type { RunStatsAnswer, UsageReport } from "@millrace/contract";
import { lazy, Suspense, useMemo } from "react";
import { useText } from "#pages/usage/text.ts";
import { useFormat } from "#text/format.ts";
import { useLanguage } from "#text/text.tsx";
import { Skeleton } from "#ui/notice.tsx";
import { Card } from "#ui/page.tsx";
import { type Column, Table } from "#ui/table.tsx";

const Chart = lazy(async () => ({ default: (await import("#ui/chart.tsx")).Chart }));

interface Point {
  readonly at: number;
  readonly runs: number;
  readonly failed: number;
}

/** Two pictures with one crosshair, and the numbers behind them. */
export function Charts({ stats, days }: { stats: RunStatsAnswer; days: UsageReport }) {
  const t = useText();
  const format = useFormat();
  const { language } = useLanguage();
  const points = useMemo(() => pointsOf(stats), [stats]);
  const times = useMemo(() => points.map(({ at }) => at), [points]);
  const runs = useMemo(
    () => [
      { name: t("runs"), values: points.map((point) => point.runs), colour: "accent" as const },
      { name: t("failed"), values: points.map((point) => point.failed), colour: "bad" as const },
    ],
    [points, t],
  );
  const paidTimes = useMemo(() => days.data.map(({ value }) => Date.parse(`${value}T00:00`)), [days]);
  const paid = useMemo(
    () => [{ name: t("credits"), values: days.data.map(({ credits }) => Number(credits)), colour: "busy" as const }],
    [days, t],
  );
  return (
    <div className="grid grid-cols-1 gap-5 lg:grid-cols-2">
      <Card title={t("chart.runs")}>
        <Suspense fallback={<Skeleton rows={3} />}>
          <Chart
            label={t("chart.runs")}
            times={times}
            series={runs}
            when={t("chart.when")}
            from={stats.from}
            to={stats.to + stats.bucketMs}
            crosshair="usage"
            write={format.number}
            language={language}
          />
        </Suspense>
        <Numbers points={points} />
      </Card>
      <Card title={t("chart.credits")}>
        <Suspense fallback={<Skeleton rows={3} />}>
          <Chart
            label={t("chart.credits")}
            times={paidTimes}
            series={paid}
            when={t("chart.when")}
            from={stats.from}
            to={stats.to + stats.bucketMs}
            crosshair="usage"
            write={format.credits}
            language={language}
          />
        </Suspense>
      </Card>
    </div>
  );
}

function pointsOf({ from, bucketMs, total: { series, failures } }: RunStatsAnswer): Point[] {
  return series.map((runs, index) => ({ at: from + index * bucketMs, runs, failed: failures[index] ?? 0 }));
}

function Numbers({ points }: { points: readonly Point[] }) {
  const t = useText();
  const format = useFormat();
  const columns: readonly Column<Point>[] = [
    { key: "at", title: t("chart.when"), head: true, cell: ({ at }) => format.time(at) },
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
