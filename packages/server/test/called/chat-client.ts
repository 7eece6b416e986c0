import assert from "node:assert/strict";
import { APIError } from "openai";

/** A conversation of one message. */
export const ask = (content: string) => [{ role: "user" as const, content }];

export const runIdOf = ({ id }: { readonly id: string }) => id.slice("chatcmpl-".length);

/** What the client makes of a refusal. */
export async function refused(work: Promise<unknown>) {
  const error = await work.then(
    () => assert.fail("it was answered"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof APIError, String(error));
  return error;
}
