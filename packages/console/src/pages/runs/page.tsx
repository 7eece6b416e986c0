import { getRouteApi } from "@tanstack/react-router";
import { ErrorsTab } from "#pages/runs/errors-tab.tsx";
import { RequestsTab } from "#pages/runs/requests-tab.tsx";
import { RunsTab } from "#pages/runs/runs-tab.tsx";
import { type RunsSearch, SHOWN } from "#pages/runs/search.ts";
import { useText } from "#pages/runs/text.ts";
import { Page } from "#ui/page.tsx";
import { Tabs } from "#ui/tabs.tsx";

const route = getRouteApi("/inside/runs");

/** Runs, what they failed of, and requests that never became one. Everything that is chosen is in the address. */
export default function RunsPage() {
  const t = useText();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { show = "runs" } = search;
  const change = (next: RunsSearch) => void navigate({ search: next, replace: true });
  return (
    <Page wide title={t("title")}>
      <Tabs
        label={t("shown")}
        value={show}
        tabs={SHOWN.map((value) => ({ value, label: t(`shown.${value}`) }))}
        onChange={(next) => change({ ...search, show: next === "runs" ? undefined : next })}
      >
        <div className="flex flex-col gap-4">
          {show === "runs" && <RunsTab search={search} onChange={change} />}
          {show === "errors" && <ErrorsTab search={search} onChange={change} />}
          {show === "requests" && <RequestsTab search={search} onChange={change} />}
        </div>
      </Tabs>
    </Page>
  );
}
