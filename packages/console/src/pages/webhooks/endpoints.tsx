import { useQuery } from "@tanstack/react-query";
import { Ban, ChevronDown, ChevronRight, CircleCheck, CircleX } from "lucide-react";
import { type ReactNode, useState } from "react";
import { type EndpointRow, enableEndpoint, endpointsQuery, type HostRow } from "#api/webhooks.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/webhooks/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { type Column, Table } from "#ui/table.tsx";

type Shown = { readonly host: HostRow; readonly of: number } | { readonly endpoint: EndpointRow };

/** Where deliveries of the last day went, and how that goes: by host, and of a host that is opened by address. */
export function Endpoints() {
  const t = useText();
  const { data } = useQuery(endpointsQuery);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const columns = useColumns((host, open) => setToggled((before) => new Map(before).set(host, open)));
  if (!data || data.hosts.length === 0) return null;
  const groups = Map.groupBy(data.data, ({ url }) => URL.parse(url)?.host ?? url);
  const shown = data.hosts.flatMap((host): (Shown & { readonly open: boolean })[] => {
    const endpoints = groups.get(host.host) ?? [];
    // What gets nothing more can be enabled at its address only.
    const open = toggled.get(host.host) ?? endpoints.some(({ state }) => state === "disabled");
    return [{ host, of: endpoints.length, open }, ...(open ? endpoints.map((endpoint) => ({ endpoint, open })) : [])];
  });
  return (
    <>
      <Table
        label={t("endpoints")}
        rows={shown}
        columns={columns}
        rowKey={(row) => ("host" in row ? row.host.host : `${row.endpoint.workflowId} ${row.endpoint.method} ${row.endpoint.url}`)}
      />
      {data.counted >= MAX_COUNTED && <p className="text-sm text-quiet">{t("endpoints.counted", { count: data.counted })}</p>}
    </>
  );
}

function useColumns(toggle: (host: string, open: boolean) => void): readonly Column<Shown & { readonly open: boolean }>[] {
  const t = useText();
  const format = useFormat();
  const figures = (row: Shown) => ("host" in row ? row.host : row.endpoint);
  return [
    {
      key: "endpoint",
      title: t("endpoints"),
      cell: (row) =>
        "host" in row ? (
          <Host of={row.host.host} count={row.of} open={row.open} onToggle={() => toggle(row.host.host, !row.open)} />
        ) : (
          <Receiver of={row.endpoint} />
        ),
      head: true,
    },
    {
      key: "success",
      title: t("endpoint.success"),
      cell: (row) => {
        const { delivered, failed } = figures(row);
        return delivered + failed === 0 ? "–" : format.percent(delivered / (delivered + failed));
      },
      end: true,
    },
    {
      key: "p95",
      title: t("endpoint.p95"),
      cell: (row) => {
        const { p95Ms } = figures(row);
        return p95Ms === undefined ? "–" : format.duration(p95Ms);
      },
      end: true,
    },
    { key: "count", title: t("endpoint.deliveries"), cell: (row) => format.number(figures(row).deliveries), end: true },
    {
      key: "state",
      title: t("state"),
      cell: (row) =>
        "host" in row ? <Standing state={row.host.state}>{t(`endpoint.${row.host.state}`)}</Standing> : <State of={row.endpoint} />,
    },
  ];
}

function Host({ of, count, open, onToggle }: { of: string; count: number; open: boolean; onToggle: () => void }) {
  const t = useText();
  const Icon = open ? ChevronDown : ChevronRight;
  return (
    <button type="button" aria-expanded={open} className="flex flex-wrap items-center gap-x-1.5 text-start touch-target" onClick={onToggle}>
      <Icon size={14} aria-hidden="true" className="shrink-0" />
      <span className="font-medium [overflow-wrap:anywhere]">{of}</span>
      <span className="text-sm whitespace-nowrap text-quiet">{t("endpoint.count", { count })}</span>
    </button>
  );
}

/** So many deliveries the server looks at; older ones of the day are in no figure then. */
const MAX_COUNTED = 10_000;

function Receiver({ of: { method, url, workflowName } }: { of: EndpointRow }) {
  const t = useText();
  return (
    <span className="block ps-5 text-sm [overflow-wrap:anywhere]">
      <span className="text-quiet">{method}</span> {url} <span className="text-quiet">· {workflowName ?? t("alert")}</span>
    </span>
  );
}

const LOOKS = {
  delivering: { icon: CircleCheck, tone: "text-good" },
  failing: { icon: CircleX, tone: "text-bad" },
  disabled: { icon: Ban, tone: "text-quiet" },
} as const;

function Standing({ state, children }: { state: EndpointRow["state"]; children: ReactNode }) {
  const t = useText();
  const { icon: Icon, tone } = LOOKS[state];
  return (
    <span
      className={classes("inline-flex items-center gap-1 whitespace-nowrap", tone)}
      title={state === "disabled" ? t("disabled.text") : undefined}
    >
      <Icon size={14} aria-hidden="true" />
      {children}
    </span>
  );
}

function State({ of: { state, disabledAt, workflowId, method, url } }: { of: EndpointRow }) {
  const t = useText();
  const format = useFormat();
  const enable = useAction({
    run: enableEndpoint,
    done: () => t("enable.done", { url }),
    changes: [["webhook-endpoints"], ["deliveries"]],
  });
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Standing state={state}>
        {state === "disabled" ? t("disabled.at", { when: format.relative(disabledAt ?? 0, Date.now()) }) : t(`endpoint.${state}`)}
      </Standing>
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
