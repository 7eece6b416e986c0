import type { ConnectionView, SecretView, TestConnectionAnswer, TestModelAnswer } from "@millrace/contract";
import { readConnection, type Tested } from "#secrets/connections";
import type { Used } from "#secrets/secrets";
import type { VaultRow } from "#store/vault-store";

export function secretView(row: Used<VaultRow>): SecretView {
  return { name: row.name, ...times(row) };
}

export function connectionView(row: Used<VaultRow>): ConnectionView {
  const { name, provider, baseUrl, hosts, credential, settings } = readConnection(row);
  return { name, provider, baseUrl, hosts: [...hosts], ...(credential && { credential }), settings, ...times(row) };
}

export function testView({ status, error, durationMs }: Tested): TestConnectionAnswer {
  const ok = status !== null && status < 500 && !REFUSED.has(status);
  return { ok, ...(status !== null && { status }), ...(error && { error }), durationMs };
}

export function modelTestView({ ok, model, text, error, durationMs }: TestModelAnswer): TestConnectionAnswer {
  return { ok, model, ...(text !== undefined && { text }), ...(error && { error }), durationMs };
}

/** The credential was not taken. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 407]);

function times({ createdAt, updatedAt, lastUsedAt, workflows }: Used<VaultRow>) {
  return { createdAt, updatedAt, ...(lastUsedAt !== null && { lastUsedAt }), workflows: [...workflows] };
}
