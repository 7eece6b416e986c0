import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { CircleCheckBig } from "lucide-react";
import { approvalsQuery } from "#api/approvals.ts";
import { APPROVAL_VIEWS } from "#pages/approvals/search.ts";
import { useText } from "#pages/approvals/text.ts";
import { Approval } from "#parts/approval/card.tsx";
import { More } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, Page } from "#ui/page.tsx";
import { Tabs } from "#ui/tabs.tsx";

const route = getRouteApi("/inside/approvals");

export default function ApprovalsPage() {
  const t = useText();
  const { status = "OPEN" } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(approvalsQuery({ status }));
  const { data: approvals, error, refetch } = list;
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Tabs
        label={t("views")}
        value={status}
        tabs={APPROVAL_VIEWS.map((value) => ({ value, label: t(`status.${value}`) }))}
        onChange={(value) => void navigate({ search: { status: value === "OPEN" ? undefined : value }, replace: true })}
      >
        <div className="flex flex-col gap-4">
          {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
          {!approvals && !error && <Skeleton />}
          {approvals?.length === 0 && <Empty icon={CircleCheckBig} title={status === "OPEN" ? t("none.OPEN") : t("none.other")} />}
          <ul className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
            {approvals?.map((approval) => (
              <li key={approval.id}>
                <Approval approval={approval} withRun />
              </li>
            ))}
          </ul>
          <More pages={list} />
        </div>
      </Tabs>
    </Page>
  );
}
