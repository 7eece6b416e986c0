import type { CreateKeyAnswer, CreateKeyBody, KeyView, RotateKeyBody } from "@millrace/contract";
import { call, path } from "#api/client.ts";
import { allQuery, listQuery } from "#api/pages.ts";

export const keysQuery = listQuery<KeyView>("keys", "/api/v1/keys");

export const allKeysQuery = allQuery<KeyView>("keys", "/api/v1/keys");

/** The answer is the only one that ever has the key itself. */
export const createKey = (body: CreateKeyBody) => call<CreateKeyAnswer>("/api/v1/keys", { method: "POST", body });

export const rotateKey = ({ id, ...body }: RotateKeyBody & { readonly id: string }) =>
  call<CreateKeyAnswer>(path("api", "v1", "keys", id, "rotate"), { method: "POST", body });

export const revokeKey = (id: string) => call<void>(path("api", "v1", "keys", id), { method: "DELETE" });
