import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type RunDetail, runQuery } from "#api/runs.ts";
import { Crumbs } from "#app/crumbs.tsx";
import { RunHead } from "#pages/run/head.tsx";
import { Logs } from "#pages/run/logs.tsx";
import { Raw } from "#pages/run/raw.tsx";
import { TABS, type Tab } from "#pages/run/search.ts";
import { useText } from "#pages/run/text.ts";
import { TimelineTab } from "#pages/run/timeline-tab.tsx";
import { Values } from "#pages/run/values.tsx";
import { RunWebhooks } from "#pages/run/webhooks.tsx";
import { ApprovalCard } from "#parts/approval/card.tsx";
import { useFormat } from "#text/format.ts";
import { Skeleton } from "#ui/notice.tsx";
import { Refused, useTitle } from "#ui/page.tsx";
import { Tabs } from "#ui/tabs.tsx";

const route = getRouteApi("/inside/runs/$run");

/** One run: what it is, what it did, and what can be done with it. It is read anew for as long as it goes on. */
export default function RunPage() {
  const { run: id } = route.useParams();
  const t = useText();
  const { data: run, error, refetch } = useQuery(runQuery(id));
  const short = `${id.slice(0, 8)}…${id.slice(-4)}`;
  useTitle(t("title", { id: short }));
  return (
    <div className="flex w-full flex-col gap-4 px-4 py-5 sm:px-6">
      <Crumbs crumbs={[{ label: t("crumb"), to: "/runs" }, { label: short }]} />
      {error && <Refused error={error} onRetry={() => void refetch()} />}
      {!run && !error && <Skeleton />}
      {run && <Inspector run={run} />}
    </div>
  );
}

function Inspector({ run }: { run: RunDetail }) {
  const t = useText();
  const { tab = "timeline", span } = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (next: Tab) =>
    void navigate({ search: (old) => ({ ...old, tab: next === "timeline" ? undefined : next }), replace: true });
  // Whoever chooses a row looks at it: the page stays where it is.
  const chooseSpan = (key: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, span: key }), replace: true, resetScroll: false });
  return (
    <>
      <RunHead run={run} />
      <Waiting run={run} />
      <Tabs label={t("tabs")} value={tab} tabs={TABS.map((one) => ({ value: one, label: t(`tab.${one}`) }))} onChange={choose}>
        {tab === "timeline" && <TimelineTab run={run} span={span} onSpan={chooseSpan} />}
        {tab === "values" && <Values run={run} />}
        {tab === "logs" && <Logs run={run} />}
        {tab === "webhooks" && <RunWebhooks id={run.id} />}
        {tab === "raw" && <Raw run={run} />}
      </Tabs>
    </>
  );
}

/** What a paused run waits for; people decide in place. */
function Waiting({ run: { waitingFor } }: { run: RunDetail }) {
  const t = useText();
  const format = useFormat();
  if (!waitingFor) return null;
  const { type, nodeName, since, approvalId } = waitingFor;
  return (
    <div className="flex flex-col gap-3">
      <p className="rounded-lg bg-wait-soft px-4 py-2.5" role="status">
        {t("waits", { what: t(`waits.${type}`), node: nodeName, time: format.time(since) })}
      </p>
      {approvalId !== undefined && <ApprovalCard id={approvalId} />}
    </div>
  );
}
