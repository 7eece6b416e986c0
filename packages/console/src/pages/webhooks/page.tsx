import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Webhook } from "lucide-react";
import { useState } from "react";
import { type DeliveryRow, deliveriesQuery } from "#api/webhooks.ts";
import { Recover, SigningSecret, TestEvent } from "#pages/webhooks/actions.tsx";
import { canResend, Delivery, Resend } from "#pages/webhooks/delivery.tsx";
import { Endpoints } from "#pages/webhooks/endpoints.tsx";
import { STATES, sinceOf, TIMES, type TimeName, type WebhookSearch } from "#pages/webhooks/search.ts";
import { DeliverySubject } from "#pages/webhooks/subject.tsx";
import { useText } from "#pages/webhooks/text.ts";
import { WorkflowSelect } from "#pages/workflow-select.tsx";
import { Ladder } from "#parts/delivery/ladder.tsx";
import { DeliveryState } from "#parts/delivery/state.tsx";
import { useText as useDeliveryText } from "#parts/delivery/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { FILTER_WIDTH, Select } from "#ui/field.tsx";
import { More } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, Page } from "#ui/page.tsx";
import { type Column, Table } from "#ui/table.tsx";

const route = getRouteApi("/inside/webhooks");

export default function WebhooksPage() {
  const t = useText();
  const [open, setOpen] = useState<"test" | "recover" | "secret" | null>(null);
  const shut = () => setOpen(null);
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <>
          <Button needs="edit" onClick={() => setOpen("test")}>
            {t("test.open")}
          </Button>
          <Button needs="operate" onClick={() => setOpen("recover")}>
            {t("recover.open")}
          </Button>
          <Button needs="edit" onClick={() => setOpen("secret")}>
            {t("secret.open")}
          </Button>
        </>
      }
    >
      <Endpoints />
      <Deliveries />
      {open === "test" && <TestEvent onClose={shut} />}
      {open === "recover" && <Recover onClose={shut} />}
      {open === "secret" && <SigningSecret onClose={shut} />}
    </Page>
  );
}

function Deliveries() {
  const t = useText();
  const ofDelivery = useDeliveryText();
  const format = useFormat();
  const { workflow, state, time, delivery } = route.useSearch();
  const [now, setNow] = useState(Date.now);
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(deliveriesQuery({ workflow, state, since: sinceOf(time, now) }));
  const { data: rows, error, refetch, isPending } = list;
  const search = (change: WebhookSearch) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const filtered = workflow !== undefined || state !== undefined || time !== undefined;
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <WorkflowSelect
          className={FILTER_WIDTH}
          aria-label={t("filter.workflow")}
          none={format.named(t("filter.workflow"), t("filter.all"))}
          value={workflow ?? ""}
          onChange={(event) => search({ workflow: event.target.value || undefined })}
        />
        <Select
          className={FILTER_WIDTH}
          aria-label={t("filter.state")}
          value={state ?? ""}
          onChange={(event) => search({ state: STATES.find((one) => one === event.target.value) })}
        >
          <option value="">{format.named(t("filter.state"), t("filter.all"))}</option>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {ofDelivery(`state.${one}`)}
            </option>
          ))}
        </Select>
        <Select
          className={FILTER_WIDTH}
          aria-label={t("filter.time")}
          value={time ?? ""}
          onChange={(event) => {
            setNow(Date.now());
            search({ time: (event.target.value || undefined) as TimeName | undefined });
          }}
        >
          <option value="">{format.named(t("filter.time"), t("filter.all"))}</option>
          {(Object.keys(TIMES) as TimeName[]).map((name) => (
            <option key={name} value={name}>
              {t(`since.${TIMES[name]}`)}
            </option>
          ))}
        </Select>
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && !error && <Skeleton />}
      {rows?.length === 0 && <Empty icon={Webhook} title={filtered ? t("empty.filter") : t("empty")} />}
      {rows && rows.length > 0 && <DeliveryTable rows={rows} onOpen={(id) => search({ delivery: id })} />}
      <More pages={list} />
      <div>
        <p className="mb-1 text-sm text-quiet">{t("listen.hint")}</p>
        <CodeBlock text="millrace webhooks listen http://localhost:3000" />
      </div>
      {delivery !== undefined && <Delivery id={delivery} onClose={() => search({ delivery: undefined })} />}
    </>
  );
}

function DeliveryTable({ rows, onOpen }: { rows: readonly DeliveryRow[]; onOpen: (id: string) => void }) {
  const t = useText();
  const ofDelivery = useDeliveryText();
  const format = useFormat();
  const columns: readonly Column<DeliveryRow>[] = [
    { key: "state", title: t("state"), cell: ({ state }) => <DeliveryState state={state} />, head: true },
    {
      key: "receiver",
      title: t("receiver"),
      cell: ({ id, method, url }) => (
        <button type="button" className="text-start underline-offset-2 [overflow-wrap:anywhere] hover:underline" onClick={() => onOpen(id)}>
          <span className="text-quiet">{method}</span> {url}
        </button>
      ),
    },
    {
      key: "run",
      title: t("run"),
      cell: (row) => <DeliverySubject {...row} />,
    },
    {
      key: "attempts",
      title: ofDelivery("attempts"),
      cell: (row) => (row.attemptCount > 0 || row.nextAttemptAt !== undefined) && <Ladder of={row} />,
    },
    { key: "ended", title: t("ended"), cell: ({ endedAt }) => endedAt !== undefined && format.relative(endedAt, Date.now()), end: true },
    { key: "resend", title: "", cell: (row) => canResend(row) && <Resend id={row.id} />, end: true },
  ];
  return <Table label={t("title")} rows={rows} columns={columns} rowKey={({ id }) => id} />;
}
