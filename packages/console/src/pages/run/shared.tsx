import type { SharedRun, WorkflowDocument } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Link2Off } from "lucide-react";
import { useState } from "react";
import { ApiError } from "#api/client.ts";
import { sharedQuery } from "#api/shares.ts";
import { RunFacts, RunFailure, RunId, RunTitle } from "#pages/run/head-parts.tsx";
import { Logs } from "#pages/run/logs.tsx";
import { useText } from "#pages/run/text.ts";
import { TimelineTab } from "#pages/run/timeline-tab.tsx";
import { Values } from "#pages/run/values.tsx";
import { SharedBy } from "#parts/shared-link.ts";
import { useFormat } from "#text/format.ts";
import { Logo } from "#ui/logo.tsx";
import { LanguageMenu, ThemeMenu } from "#ui/look-menus.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, useTitle } from "#ui/page.tsx";
import { Tabs } from "#ui/tabs.tsx";

const route = getRouteApi("/shared/$token");

const TABS = ["timeline", "values", "logs"] as const;

/** A run for whoever has a link to it: to look at, without an account. */
export default function SharedRunPage() {
  const { token } = route.useParams();
  const t = useText();
  const { data, error, refetch } = useQuery(sharedQuery(token));
  useTitle(data ? `${data.run.workflowName} ${data.run.version}` : t("shared.title"));
  const isGone = error instanceof ApiError && error.status === 404;
  return (
    <SharedBy value={token}>
      <header className="flex items-center gap-2.5 border-b border-line bg-surface px-4 py-2 sm:px-6">
        <Logo />
        <span className="min-w-0 grow truncate font-semibold">{t("shared.title")}</span>
        <LanguageMenu />
        <ThemeMenu />
      </header>
      <main id="main" className="flex w-full flex-col gap-4 px-4 py-5 sm:px-6">
        {isGone && <Empty icon={Link2Off} title={error.message} />}
        {error && !isGone && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton />}
        {data && !isGone && <Shown shared={data} />}
      </main>
    </SharedBy>
  );
}

function Shown({ shared: { run, document, expiresAt } }: { shared: SharedRun }) {
  const t = useText();
  const format = useFormat();
  const [tab, setTab] = useState<(typeof TABS)[number]>("timeline");
  const [span, setSpan] = useState<string>();
  return (
    <>
      <div className="flex flex-col gap-2">
        <RunTitle run={run} />
        <RunId id={run.id} />
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-quiet">
          <RunFacts run={run} />
          <span>{t("shared.until", { time: format.time(expiresAt) })}</span>
        </p>
        <RunFailure run={run} />
      </div>
      <Tabs label={t("tabs")} value={tab} tabs={TABS.map((one) => ({ value: one, label: t(`tab.${one}`) }))} onChange={setTab}>
        {tab === "timeline" && <TimelineTab run={run} span={span} onSpan={setSpan} document={document as unknown as WorkflowDocument} />}
        {tab === "values" && <Values run={run} />}
        {tab === "logs" && <Logs run={run} />}
      </Tabs>
    </>
  );
}
