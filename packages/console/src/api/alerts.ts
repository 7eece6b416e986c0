import type {
  AlertEventView,
  AlertList,
  AlertView,
  CreateAlertBody,
  TestAlertAnswer,
  UpdateAlertBody,
  WebhookSecretView,
} from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call, path, type Query } from "#api/client.ts";
import { listQuery } from "#api/pages.ts";

const ALERTS = "/api/v1/alerts";

export const alertsQuery = queryOptions({
  queryKey: ["alerts"],
  queryFn: async ({ signal }) => (await call<AlertList>(ALERTS, { signal })).data,
});

export const alertEventsQuery = (query: Query) => listQuery<AlertEventView>("alert-events", `${ALERTS}/events`, query);

export const createAlert = (body: CreateAlertBody) => call<AlertView>(ALERTS, { method: "POST", body });

export const updateAlert = ({ id, ...body }: UpdateAlertBody & { readonly id: string }) =>
  call<AlertView>(path("api", "v1", "alerts", id), { method: "PATCH", body });

export const removeAlert = (id: string) => call<void>(path("api", "v1", "alerts", id), { method: "DELETE" });

export const testAlert = (id: string) => call<TestAlertAnswer>(path("api", "v1", "alerts", id, "test"), { method: "POST" });

export const alertSecretQuery = queryOptions({
  queryKey: ["alert-secret"],
  queryFn: ({ signal }) => call<WebhookSecretView>(`${ALERTS}/secret`, { signal }),
  staleTime: 0,
  gcTime: 0,
});

export const rotateAlertSecret = () => call<WebhookSecretView>(`${ALERTS}/secret/rotate`, { method: "POST", body: {} });
