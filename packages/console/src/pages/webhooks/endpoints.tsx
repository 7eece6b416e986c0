import { useQuery } from "@tanstack/react-query";
import { Ban, CircleCheck, CircleX } from "lucide-react";
import { type EndpointRow, enableEndpoint, endpointsQuery } from "#api/webhooks.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/webhooks/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { type Column, Table } from "#ui/table.tsx";

/** Where deliveries of the last day went, and how that goes; and what gets nothing more. */
export function Endpoints() {
  const t = useText();
  const format = useFormat();
  const { data } = useQuery(endpointsQuery);
  if (!data || data.data.length === 0) return null;
  const columns: readonly Column<EndpointRow>[] = [
    { key: "endpoint", title: t("endpoints"), cell: (row) => <Receiver of={row} />, head: true },
    {
      key: "success",
      title: t("endpoint.success"),
      cell: ({ delivered, failed }) => (delivered + failed === 0 ? "–" : format.percent(delivered / (delivered + failed))),
      end: true,
    },
    { key: "p95", title: t("endpoint.p95"), cell: ({ p95Ms }) => (p95Ms === undefined ? "–" : format.duration(p95Ms)), end: true },
    { key: "count", title: t("endpoint.deliveries"), cell: ({ deliveries }) => format.number(deliveries), end: true },
    { key: "state", title: t("state"), cell: (row) => <State of={row} /> },
  ];
  return (
    <>
      <Table
        label={t("endpoints")}
        rows={data.data}
        columns={columns}
        rowKey={({ workflowId, method, url }) => `${workflowId} ${method} ${url}`}
      />
      {data.counted >= MAX_COUNTED && <p className="text-sm text-quiet">{t("endpoints.counted", { count: data.counted })}</p>}
    </>
  );
}

/** So many deliveries the server looks at; older ones of the day are in no figure then. */
const MAX_COUNTED = 10_000;

function Receiver({ of: { method, url, workflowName } }: { of: EndpointRow }) {
  const t = useText();
  return (
    <span className="[overflow-wrap:anywhere]">
      <span className="text-quiet">{method}</span> {url} <span className="text-quiet">· {workflowName ?? t("alert")}</span>
    </span>
  );
}

const LOOKS = {
  delivering: { icon: CircleCheck, tone: "text-good" },
  failing: { icon: CircleX, tone: "text-bad" },
  disabled: { icon: Ban, tone: "text-quiet" },
} as const;

function State({ of: { state, disabledAt, workflowId, method, url } }: { of: EndpointRow }) {
  const t = useText();
  const format = useFormat();
  const enable = useAction({
    run: enableEndpoint,
    done: () => t("enable.done", { url }),
    changes: [["webhook-endpoints"], ["deliveries"]],
  });
  const { icon: Icon, tone } = LOOKS[state];
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span
        className={classes("inline-flex items-center gap-1 whitespace-nowrap", tone)}
        title={state === "disabled" ? t("disabled.text") : undefined}
      >
        <Icon size={14} aria-hidden="true" />
        {state === "disabled" ? t("disabled.at", { when: format.relative(disabledAt ?? 0, Date.now()) }) : t(`endpoint.${state}`)}
      </span>
      {state === "disabled" && (
        <Button
          size="small"
          needs="operate"
          disabled={enable.isPending}
          onClick={() => enable.mutate({ ...(workflowId !== undefined && { workflow: workflowId }), method, url })}
        >
          {t("enable")}
        </Button>
      )}
    </span>
  );
}
