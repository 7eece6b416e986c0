import type { ConnectionList, PutConnectionBody, PutSecretBody, SecretList, TestConnectionAnswer } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call, path } from "#api/client.ts";

export const connectionsQuery = queryOptions({
  queryKey: ["connections"],
  queryFn: async ({ signal }) => (await call<ConnectionList>("/api/v1/connections", { signal })).data,
});

/** A credential that is left out stays as it is. */
export const putConnection = ({ name, ...body }: PutConnectionBody & { readonly name: string }) =>
  call<void>(path("api", "v1", "connections", name), { method: "PUT", body });

export const deleteConnection = (name: string) => call<void>(path("api", "v1", "connections", name), { method: "DELETE" });

export const testConnection = (name: string) =>
  call<TestConnectionAnswer>(path("api", "v1", "connections", name, "test"), { method: "POST", body: {} });

export const secretsQuery = queryOptions({
  queryKey: ["secrets"],
  queryFn: async ({ signal }) => (await call<SecretList>("/api/v1/secrets", { signal })).data,
});

export const putSecret = ({ name, ...body }: PutSecretBody & { readonly name: string }) =>
  call<void>(path("api", "v1", "secrets", name), { method: "PUT", body });

export const deleteSecret = (name: string) => call<void>(path("api", "v1", "secrets", name), { method: "DELETE" });
