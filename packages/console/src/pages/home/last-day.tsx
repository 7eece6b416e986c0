import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { runStatsQuery } from "#api/stats.ts";
import { useText } from "#pages/home/text.ts";
import { useFormat } from "#text/format.ts";
import { buttonClass } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Card } from "#ui/page.tsx";
import { Spark } from "#ui/spark.tsx";

const HOURS = 24;

/** How the runs of the last day went, those of drafts left out. */
export function LastDay() {
  const t = useText();
  const { data, error, refetch } = useQuery(runStatsQuery(HOURS));
  return (
    <Card
      title={t("day")}
      actions={
        <Link to="/usage" search={{ hours: HOURS }} className={classes(buttonClass("quiet", "small"), "-me-2")}>
          {t("day.more")}
        </Link>
      }
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={1} />}
      {data && <Figures total={data.total} />}
    </Card>
  );
}

interface Total {
  readonly runs: number;
  readonly ended: number;
  readonly failed: number;
  readonly credits: number;
  readonly p95Ms?: number;
  readonly series: readonly number[];
  readonly failures: readonly number[];
}

function Figures({ total }: { total: Total }) {
  const t = useText();
  const format = useFormat();
  const { runs, ended, failed, credits, p95Ms, series, failures } = total;
  const facts = [
    ["day.failed", ended === 0 ? "–" : format.percent(failed / ended)],
    ["day.p95", p95Ms === undefined ? "–" : format.duration(p95Ms)],
    ["day.credits", format.credits(credits)],
  ] as const;
  return (
    <dl className="flex flex-wrap items-end gap-x-5 gap-y-3 xl:gap-x-8 max-sm:grid max-sm:grid-cols-2">
      <div>
        <dt className="text-sm text-quiet">{t("day.runs")}</dt>
        <dd className="flex items-center gap-3 text-xl font-semibold">
          {format.number(runs)}
          <Spark series={series} failures={failures} label={t("day.spark", { count: runs, failed })} />
        </dd>
      </div>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt className="text-sm text-quiet">{t(name)}</dt>
          <dd className="text-xl font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
