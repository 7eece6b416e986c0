import type { EndpointStats } from "@millrace/contract";
import { percentile } from "#duration-classes";
import { ALERTS } from "#store/alert-store";
import type { WorkflowStore } from "#store/store";
import type { DisabledEndpoint, Endpoint, EndpointTally, EndpointTimes, WebhookStore } from "#store/webhook-store";

/** Deliveries that one look goes over, and endpoints that it tells of. */
const MAX_DELIVERIES = 10_000;
const MAX_ENDPOINTS = 100;

type Told = EndpointStats["data"][number];

export interface EndpointPorts {
  readonly webhooks: WebhookStore;
  readonly workflows: WorkflowStore;
}

type Host = EndpointStats["hosts"][number];

/** Groups of tallies and times, each newest first, and the endpoints that get nothing more. */
interface Counted {
  readonly tallies: readonly EndpointTally[];
  readonly times: readonly EndpointTimes[];
  readonly disabled: ReadonlyMap<string, DisabledEndpoint>;
}

/** How the endpoints have done that deliveries since then went to, the one first that something was owed to last; and those that are disabled. */
export async function endpointStats({ webhooks, workflows }: EndpointPorts, tenantId: string, since: number): Promise<EndpointStats> {
  const tallies = await webhooks.endpointTallies(tenantId, since, MAX_DELIVERIES);
  const all = await webhooks.endpointTimes(tenantId, since, MAX_DELIVERIES);
  const disabled = new Map((await webhooks.disabledEndpoints(tenantId)).map((one) => [nameOf(one), one]));
  const groups = new Map([...Map.groupBy(tallies, nameOf)].slice(0, MAX_ENDPOINTS));
  const times = Map.groupBy(all, nameOf);
  const told = async (name: string): Promise<Told> => {
    const group = groups.get(name) ?? [];
    const { workflowId, method, url } = group[0] ?? (disabled.get(name) as Endpoint);
    const workflow = workflowId === ALERTS ? null : await workflows.get(tenantId, workflowId, { deleted: true });
    return {
      ...(workflowId !== ALERTS && { workflowId }),
      ...(workflow && { workflowName: workflow.name }),
      method: method as Told["method"],
      url,
      ...standing(group, disabled.get(name)?.disabledAt ?? null),
      ...p95(times.get(name)),
    };
  };
  const names = new Set([...groups.keys(), ...disabled.keys()]);
  const counted = tallies.reduce((sum, { count }) => sum + count, 0);
  return { since, counted, data: await Promise.all([...names].map(told)), hosts: hostsOf({ tallies, times: all, disabled }) };
}

/** The same by host, of all its endpoints together. */
function hostsOf({ tallies, times, disabled }: Counted): Host[] {
  const groups = Map.groupBy(tallies, hostOf);
  const took = Map.groupBy(times, hostOf);
  const off = Map.groupBy(disabled.values(), hostOf);
  const told = (host: string): Host => {
    const group = groups.get(host) ?? [];
    const works = group.length > 0 && !group.every((one) => disabled.has(nameOf(one)));
    const { disabledAt: _, ...rest } = standing(group, works ? null : (off.get(host)?.[0]?.disabledAt ?? null));
    return { host, ...rest, ...p95(took.get(host)) };
  };
  return [...new Set([...groups.keys(), ...off.keys()])].slice(0, MAX_ENDPOINTS).map(told);
}

function hostOf({ url }: Endpoint): string {
  return URL.parse(url)?.host ?? url;
}

/** Attempts of one length may have been counted apart, at several endpoints. */
function p95(times: readonly EndpointTimes[] = []): { readonly p95Ms?: number } {
  const counts = new Map<number, number>();
  for (const { durationClass, count } of times) counts.set(durationClass, (counts.get(durationClass) ?? 0) + count);
  const p95Ms = percentile(counts, 0.95);
  return p95Ms === null ? {} : { p95Ms };
}

function nameOf({ workflowId, method, url }: Endpoint): string {
  return `${workflowId} ${method} ${url}`;
}

function standing(group: readonly EndpointTally[], disabledAt: number | null) {
  const count = (...states: readonly string[]) => group.reduce((sum, one) => sum + (states.includes(one.state) ? one.count : 0), 0);
  // What was not tried yet says nothing of the endpoint.
  const newest = group.find(({ state, tried }) => tried || (state !== "waiting" && state !== "due"));
  const fails = newest !== undefined && newest.state !== "delivered";
  return {
    state: disabledAt !== null ? ("disabled" as const) : fails ? ("failing" as const) : ("delivering" as const),
    ...(disabledAt !== null && { disabledAt }),
    deliveries: group.reduce((sum, one) => sum + one.count, 0),
    delivered: count("delivered"),
    failed: count("failed", "disabled"),
    ...(group[0] && { lastAt: group[0].lastAcceptedAt }),
  };
}
