import type {
  DeliveryHeader,
  DeliveryView,
  EnableEndpointBody,
  EndpointStats,
  EndpointView,
  RecoverAnswer,
  RecoverBody,
  TestWebhookAnswer,
  TestWebhookBody,
  WebhookSecretView,
} from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call, path, type Query } from "#api/client.ts";
import { listQuery } from "#api/pages.ts";

/** A row of the list: a delivery, and how its last attempts went. */
export type DeliveryRow = DeliveryHeader;

const DELIVERIES = "/api/v1/webhooks/deliveries";

export const deliveriesQuery = (query: Query) => listQuery<DeliveryRow>("deliveries", DELIVERIES, { ...query, attempts: true });

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ["delivery", id],
    queryFn: ({ signal }) => call<DeliveryView>(path("api", "v1", "webhooks", "deliveries", id), { signal }),
  });

export const disabledEndpointsQuery = listQuery<EndpointView>("disabled-endpoints", "/api/v1/webhooks/disabled-endpoints");

export type EndpointRow = EndpointStats["data"][number];
export type HostRow = EndpointStats["hosts"][number];

/** How the endpoints did in the last day. */
export const endpointsQuery = queryOptions({
  queryKey: ["webhook-endpoints"],
  queryFn: ({ signal }) => call<EndpointStats>("/api/v1/webhooks/endpoints", { signal }),
});

export const resend = (id: string) => call<DeliveryRow>(path("api", "v1", "webhooks", "deliveries", id, "resend"), { method: "POST" });

export const recover = (body: RecoverBody) => call<RecoverAnswer>("/api/v1/webhooks/recover", { method: "POST", body });

export const enableEndpoint = (body: EnableEndpointBody) =>
  call<void>("/api/v1/webhooks/disabled-endpoints/enable", { method: "POST", body });

export const sendTestEvent = ({ workflow, ...body }: TestWebhookBody & { readonly workflow: string }) =>
  call<TestWebhookAnswer>(path("api", "v1", "workflows", workflow, "webhook-test"), { method: "POST", body });

export const webhookSecretQuery = (workflow: string) =>
  queryOptions({
    queryKey: ["webhook-secret", workflow],
    queryFn: ({ signal }) => call<WebhookSecretView>(path("api", "v1", "workflows", workflow, "webhook-secret"), { signal }),
    enabled: workflow !== "",
    staleTime: 0,
    gcTime: 0,
  });

export const rotateWebhookSecret = (workflow: string) =>
  call<WebhookSecretView>(path("api", "v1", "workflows", workflow, "webhook-secret", "rotate"), { method: "POST", body: {} });
