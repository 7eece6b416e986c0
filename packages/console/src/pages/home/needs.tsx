import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BellRing, CircleCheck, CircleCheckBig, type LucideIcon, Wallet, Webhook } from "lucide-react";
import { alertsQuery } from "#api/alerts.ts";
import { approvalsQuery } from "#api/approvals.ts";
import { budgetsQuery } from "#api/usage.ts";
import { deliveriesQuery, disabledEndpointsQuery } from "#api/webhooks.ts";
import { useText } from "#pages/home/text.ts";
import { Card } from "#ui/page.tsx";

/** A budget is told of from this share on. */
const NEARLY_SPENT = 0.8;

interface Need {
  readonly key: string;
  readonly icon: LucideIcon;
  readonly text: string;
  readonly to: string;
}

/** What waits for somebody: questions, receivers that do not take what is sent, alerts that fire, budgets that run out. */
export function Needs() {
  const t = useText();
  const needs = useNeeds();
  return (
    <Card title={t("needs")}>
      {needs.length === 0 ? (
        <p className="flex items-center gap-2 text-quiet">
          <CircleCheck size={16} aria-hidden="true" className="text-good" />
          {t("needs.none")}
        </p>
      ) : (
        <ul className="-mx-2 flex flex-col gap-1">
          {needs.map(({ key, icon: Icon, text, to }) => (
            <li key={key}>
              <Link to={to} className="flex items-center gap-2.5 rounded-md px-2 py-1.5 hover:bg-raised touch-target">
                <Icon size={16} aria-hidden="true" className="shrink-0 text-wait" />
                {text}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function useNeeds(): readonly Need[] {
  const t = useText();
  // Of what fills more than a page the rest is not counted, and said to be there.
  const { data: asked = [], hasNextPage: moreAsked } = useInfiniteQuery(approvalsQuery({ status: "OPEN" }));
  const { data: due = [], hasNextPage: moreDue } = useInfiniteQuery(deliveriesQuery({ state: "due" }));
  const { data: disabled = [], hasNextPage: moreDisabled } = useInfiniteQuery(disabledEndpointsQuery);
  const { data: budgets = [] } = useQuery(budgetsQuery);
  const { data: alerts = [] } = useQuery(alertsQuery);
  const firing = alerts.filter(({ state }) => state === "firing").length;
  const failing = new Set(due.filter(({ attemptCount }) => attemptCount > 0).map(({ url }) => url)).size + disabled.length;
  const nearly = budgets
    .map(({ id, spent, credits }) => ({ id, share: Number(credits) === 0 ? 1 : Number(spent) / Number(credits) }))
    .filter(({ share }) => share >= NEARLY_SPENT);
  return [
    ...(asked.length === 0
      ? []
      : [
          {
            key: "approvals",
            icon: CircleCheckBig,
            text: t(moreAsked ? "needs.approvals.more" : "needs.approvals", { count: asked.length }),
            to: "/approvals",
          },
        ]),
    ...(failing === 0
      ? []
      : [
          {
            key: "webhooks",
            icon: Webhook,
            text: t(moreDue || moreDisabled ? "needs.webhooks.more" : "needs.webhooks", { count: failing }),
            to: "/webhooks",
          },
        ]),
    ...(firing === 0 ? [] : [{ key: "alerts", icon: BellRing, text: t("needs.alerts", { count: firing }), to: "/alerts" }]),
    ...nearly.map(({ id, share }) => ({
      key: id,
      icon: Wallet,
      text: t("needs.budget", { percent: Math.floor(share * 100) }),
      to: "/usage",
    })),
  ];
}
