import type { JsonObject } from "@millrace/contract";
import { chain } from "#flow/testing/flows";
import type { Answer, TestServer } from "#testing/server";

/** A `.flow` of the name that can be published. */
export function flowFile(name: string, more: JsonObject = {}): JsonObject {
  return { ...chain([]), name, ...more } as JsonObject;
}

export interface FormRequest {
  /** JSON, a text, or bytes; null: no file. */
  readonly file: JsonObject | string | Buffer | null;
  readonly fields?: { readonly [name: string]: string };
  readonly headers?: { readonly [name: string]: string };
  readonly key?: string;
}

/** Posts a form as browsers and scripts do. */
export async function postForm(server: TestServer, path: string, { file, fields = {}, headers = {}, key }: FormRequest): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const text = typeof file === "string" || Buffer.isBuffer(file) ? file : JSON.stringify(file);
  if (file !== null) form.append("file", new Blob([text]), "workflow.flow");
  const encoded = new Response(form);
  const type = encoded.headers.get("content-type") ?? "";
  const body = Buffer.from(await encoded.arrayBuffer());
  return server.call("POST", path, { ...(key !== undefined && { key }), headers: { "Content-Type": type, ...headers }, body });
}

export function basic(devKey: string, devSecret: string): { readonly Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${devKey}:${devSecret}`).toString("base64")}` };
}

/** Of the published endpoints' envelope. */
export function dataOf({ json }: Answer): JsonObject {
  return json["data"] as JsonObject;
}
