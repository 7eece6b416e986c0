import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Bell, Plus } from "lucide-react";
import { useState } from "react";
import { alertsQuery } from "#api/alerts.ts";
import { budgetsQuery } from "#api/usage.ts";
import { workflowsQuery } from "#api/workflows.ts";
import { Events } from "#pages/alerts/events.tsx";
import { RuleCard } from "#pages/alerts/rule-card.tsx";
import { RuleForm } from "#pages/alerts/rule-form.tsx";
import { AlertSecret } from "#pages/alerts/secret.tsx";
import { useText } from "#pages/alerts/text.ts";
import { Button } from "#ui/button.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, Page } from "#ui/page.tsx";

const route = getRouteApi("/inside/alerts");

type Open = { readonly what: "new" | "secret" } | { readonly what: "edit"; readonly id: string } | null;

export default function AlertsPage() {
  const t = useText();
  const { alert } = route.useSearch();
  const { data: alerts, error, refetch } = useQuery(alertsQuery);
  const nameOf = useNames();
  const [open, setOpen] = useState<Open>(null);
  const shut = () => setOpen(null);
  const edited = open?.what === "edit" ? alerts?.find(({ id }) => id === open.id) : undefined;
  const create = (
    <Button kind="primary" icon={Plus} needs="edit" onClick={() => setOpen({ what: "new" })}>
      {t("new")}
    </Button>
  );
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <>
          <Button needs="edit" onClick={() => setOpen({ what: "secret" })}>
            {t("secret.open")}
          </Button>
          {create}
        </>
      }
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!alerts && !error && <Skeleton rows={3} />}
      {alerts?.length === 0 && (
        <Empty icon={Bell} title={t("empty")}>
          {create}
        </Empty>
      )}
      {alerts && alerts.length > 0 && (
        <ul className="flex flex-col gap-3">
          {alerts.map((one) => {
            const of = one.workflowId ?? one.budgetId;
            const name = of === undefined ? null : (one.workflowName ?? nameOf(of) ?? of);
            return <RuleCard key={one.id} alert={one} of={name} onEdit={() => setOpen({ what: "edit", id: one.id })} />;
          })}
        </ul>
      )}
      {alerts && <Events alerts={alerts} alert={alert} />}
      {open?.what === "new" && <RuleForm nameOf={nameOf} onClose={shut} />}
      {edited && <RuleForm alert={edited} nameOf={nameOf} onClose={shut} />}
      {open?.what === "secret" && <AlertSecret onClose={shut} />}
    </Page>
  );
}

/** By id: what a workflow or budget is called. */
function useNames(): (id: string) => string | undefined {
  const t = useText();
  const { data: workflows = [] } = useQuery(workflowsQuery);
  const { data: budgets = [] } = useQuery(budgetsQuery);
  return (id) => {
    const budget = budgets.find((one) => one.id === id);
    if (budget) return budget.of.name ?? budget.of.id ?? t("budget.server");
    return workflows.find((one) => one.id === id)?.name;
  };
}
