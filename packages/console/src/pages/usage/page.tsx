import type { RunStatsAnswer, UsageReport } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { runStatsQuery } from "#api/stats.ts";
import { type UsageOf, usageCsv, usageQuery } from "#api/usage.ts";
import { useAction } from "#app/use-action.ts";
import { Budgets } from "#pages/usage/budgets.tsx";
import { Charts } from "#pages/usage/charts.tsx";
import { GROUPS, type Group, RANGES_HOURS, type RangeHours, type UsageSearch } from "#pages/usage/search.ts";
import { useText } from "#pages/usage/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { download } from "#ui/download.ts";
import { Check, Select } from "#ui/field.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Card, Page } from "#ui/page.tsx";
import { type Column, Table } from "#ui/table.tsx";

const route = getRouteApi("/inside/usage");

const HOUR_MS = 3_600_000;
/** The page asks for whole quarters of an hour, as the server counts: within one it is the same question. */
const QUARTER_MS = 900_000;

export default function UsagePage() {
  const t = useText();
  const { hours = 168, by = "workflow", drafts } = route.useSearch();
  const of = useUsageOf(hours, drafts);
  const stats = useQuery(runStatsQuery(hours));
  const paid = useQuery(usageQuery({ ...of, by }));
  const days = useQuery(usageQuery({ ...of, by: "day" }));
  const failure = stats.error ?? paid.error ?? days.error;
  return (
    <Page title={t("title")} lead={t("lead")} actions={<Choices hours={hours} by={by} of={of} />}>
      {failure && <ErrorNotice error={failure} onRetry={() => void Promise.all([stats.refetch(), paid.refetch(), days.refetch()])} />}
      {!failure && !(stats.data && paid.data && days.data) && <Skeleton />}
      {stats.data && paid.data && days.data && (
        <>
          <Totals stats={stats.data} paid={paid.data} />
          <Charts stats={stats.data} days={days.data} />
          <RunsByWorkflow stats={stats.data} hours={hours} />
          <PaidByGroup report={paid.data} />
        </>
      )}
      <Budgets />
    </Page>
  );
}

function useUsageOf(hours: RangeHours, drafts: true | undefined): Omit<UsageOf, "by"> {
  const to = Math.ceil(Date.now() / QUARTER_MS) * QUARTER_MS;
  return useMemo(
    () => ({ from: to - hours * HOUR_MS, to, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, drafts }),
    [to, hours, drafts],
  );
}

function Choices({ hours, by, of }: { hours: RangeHours; by: Group; of: Omit<UsageOf, "by"> }) {
  const t = useText();
  const format = useFormat();
  const navigate = route.useNavigate();
  const search = (change: UsageSearch) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const csv = useAction({ run: usageCsv, changes: [], onDone: (text) => download(`usage-by-${by}.csv`, text) });
  return (
    <>
      <Select
        className=""
        aria-label={t("range")}
        value={hours}
        onChange={({ target }) => search({ hours: RANGES_HOURS.find((one) => one === Number(target.value)) })}
      >
        {RANGES_HOURS.map((one) => (
          <option key={one} value={one}>
            {t(`range.${one}`)}
          </option>
        ))}
      </Select>
      <Select
        className=""
        aria-label={t("group")}
        value={by}
        onChange={({ target }) => search({ by: GROUPS.find((one) => one === target.value) })}
      >
        {GROUPS.map((one) => (
          <option key={one} value={one}>
            {format.named(t("group"), t(`group.${one}`))}
          </option>
        ))}
      </Select>
      <Check
        label={t("drafts")}
        checked={of.drafts ?? false}
        onChange={({ target }) => search({ drafts: target.checked ? true : undefined })}
      />
      <Button icon={Download} disabled={csv.isPending} onClick={() => csv.mutate({ ...of, by })}>
        {t("csv")}
      </Button>
    </>
  );
}

function Totals({ stats: { total }, paid }: { stats: RunStatsAnswer; paid: UsageReport }) {
  const t = useText();
  const format = useFormat();
  const tiles: readonly (readonly [string, ReactNode])[] = [
    [t("runs"), format.number(total.runs)],
    [t("failed"), total.ended === 0 ? "–" : format.percent(total.failed / total.ended)],
    [t("p50"), total.p50Ms === undefined ? "–" : format.duration(total.p50Ms)],
    [t("p95"), total.p95Ms === undefined ? "–" : format.duration(total.p95Ms)],
    [t("tokens.in"), format.number(paid.total.inputTokens)],
    [t("tokens.out"), format.number(paid.total.outputTokens)],
    [
      t("credits"),
      <span key="credits" title={paid.total.credits}>
        {format.credits(paid.total.credits)}
      </span>,
    ],
  ];
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4 xl:grid-cols-7">
      {tiles.map(([name, value]) => (
        <div key={name} className="rounded-lg border border-line bg-surface px-4 py-3 max-sm:last:odd:col-span-2">
          <dt className="text-sm text-quiet">{name}</dt>
          <dd className="mt-0.5 text-xl font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The list of runs goes back as far, or without end. */
const TIMES_OF = { 24: "24h", 168: "7d", 720: "30d", 2160: undefined } as const;

function RunsByWorkflow({ stats, hours }: { stats: RunStatsAnswer; hours: RangeHours }) {
  const t = useText();
  const format = useFormat();
  type Row = RunStatsAnswer["workflows"][number];
  const columns: readonly Column<Row>[] = [
    {
      key: "name",
      title: t("group.workflow"),
      head: true,
      cell: ({ workflowId, workflowName }) => (
        <Link
          to="/runs"
          search={{ workflow: workflowId, time: TIMES_OF[hours] }}
          aria-label={t("open.runs", { name: workflowName ?? workflowId })}
          className="font-medium text-accent underline-offset-2 [overflow-wrap:anywhere] hover:underline"
        >
          {workflowName ?? workflowId}
        </Link>
      ),
    },
    { key: "runs", title: t("runs"), end: true, cell: ({ runs }) => format.number(runs) },
    { key: "failed", title: t("failed"), end: true, cell: ({ ended, failed }) => (ended === 0 ? "–" : format.percent(failed / ended)) },
    { key: "p50", title: t("p50"), end: true, cell: ({ p50Ms }) => (p50Ms === undefined ? "–" : format.duration(p50Ms)) },
    { key: "p95", title: t("p95"), end: true, cell: ({ p95Ms }) => (p95Ms === undefined ? "–" : format.duration(p95Ms)) },
    { key: "credits", title: t("credits"), end: true, cell: ({ credits }) => format.credits(credits) },
  ];
  if (stats.workflows.length === 0) return null;
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-lg font-semibold">{t("table.runs")}</h2>
      <Table label={t("table.runs")} rows={stats.workflows} columns={columns} rowKey={({ workflowId }) => workflowId} />
    </section>
  );
}

function PaidByGroup({ report }: { report: UsageReport }) {
  const t = useText();
  const format = useFormat();
  type Row = UsageReport["data"][number];
  const columns: readonly Column<Row>[] = [
    {
      key: "value",
      title: t(`group.${report.by}`),
      head: true,
      cell: ({ value, name }) => <span className="font-medium [overflow-wrap:anywhere]">{name ?? (value === "" ? t("none") : value)}</span>,
    },
    { key: "requests", title: t("requests"), end: true, cell: ({ requests }) => format.number(requests) },
    { key: "in", title: t("tokens.in"), end: true, cell: ({ inputTokens }) => format.number(inputTokens) },
    { key: "out", title: t("tokens.out"), end: true, cell: ({ outputTokens }) => format.number(outputTokens) },
    { key: "credits", title: t("credits"), end: true, cell: ({ credits }) => <span title={credits}>{format.credits(credits)}</span> },
  ];
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-lg font-semibold">{t("table.paid")}</h2>
      {report.data.length === 0 ? (
        <Card>
          <p className="text-quiet">{t("table.none")}</p>
        </Card>
      ) : (
        <Table label={t("table.paid")} rows={report.data} columns={columns} rowKey={({ value }) => value} />
      )}
      {report.rows > report.data.length && <p className="text-sm text-quiet">{t("more", { count: report.rows - report.data.length })}</p>}
    </section>
  );
}
