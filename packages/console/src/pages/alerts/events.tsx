import type { AlertEventView, AlertView } from "@millrace/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BellRing, CircleCheck } from "lucide-react";
import { alertEventsQuery } from "#api/alerts.ts";
import { useSentences } from "#pages/alerts/sentence.ts";
import { useText } from "#pages/alerts/text.ts";
import { useFormat } from "#text/format.ts";
import { More } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { type Column, Table } from "#ui/table.tsx";

interface EventsProps {
  readonly alerts: readonly AlertView[];
  /** Of this rule alone. */
  readonly alert: string | undefined;
}

/** What was told, newest first. */
export function Events({ alerts, alert }: EventsProps) {
  const t = useText();
  const list = useInfiniteQuery(alertEventsQuery({ alert }));
  const { data: events, error, refetch } = list;
  return (
    <section className="flex flex-col gap-3">
      <header className="flex flex-wrap items-baseline justify-between gap-3">
        <h2 className="text-lg font-semibold">{t("events")}</h2>
        {alert !== undefined && (
          <Link to="/alerts" search={{}} className="text-sm text-accent underline-offset-2 hover:underline">
            {t("events.all")}
          </Link>
        )}
      </header>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!events && !error && <Skeleton rows={2} />}
      {events?.length === 0 && <p className="text-quiet">{t("events.none")}</p>}
      {events && events.length > 0 && <EventTable events={events} alerts={alerts} />}
      <More pages={list} />
    </section>
  );
}

function EventTable({ events, alerts }: { events: readonly AlertEventView[]; alerts: readonly AlertView[] }) {
  const t = useText();
  const format = useFormat();
  const { figure } = useSentences();
  const ruleOf = ({ alertId }: AlertEventView) => alerts.find(({ id }) => id === alertId);
  const nameOf = (event: AlertEventView) => {
    const rule = ruleOf(event);
    return rule === undefined ? t("rule.deleted") : (rule.name ?? [t(`kind.${rule.kind}`), rule.workflowName].filter(Boolean).join(" · "));
  };
  const columns: readonly Column<AlertEventView>[] = [
    { key: "type", title: t("event"), cell: ({ type }) => <EventType type={type} />, head: true },
    { key: "rule", title: t("rule"), cell: nameOf },
    {
      key: "figure",
      title: t("figure"),
      cell: (event) => {
        const rule = ruleOf(event);
        return rule !== undefined && event.figure !== undefined && figure(rule.kind, event.figure);
      },
      end: true,
    },
    { key: "at", title: t("when"), cell: ({ at }) => <time title={format.time(at)}>{format.relative(at, Date.now())}</time>, end: true },
    {
      key: "delivery",
      title: t("delivery"),
      cell: ({ deliveryId }) => (
        <Link to="/webhooks" search={{ delivery: deliveryId }} className="text-accent underline-offset-2 hover:underline">
          {t("delivery.open")}
        </Link>
      ),
    },
  ];
  return <Table label={t("events")} rows={events} columns={columns} rowKey={({ id }) => id} />;
}

function EventType({ type }: Pick<AlertEventView, "type">) {
  const t = useText();
  const Icon = type === "fired" ? BellRing : CircleCheck;
  return (
    <span className={type === "fired" ? "inline-flex items-center gap-1.5 text-bad" : "inline-flex items-center gap-1.5 text-good"}>
      <Icon size={15} aria-hidden="true" />
      {t(`event.${type}`)}
    </span>
  );
}
