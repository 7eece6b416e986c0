import type { Receiver } from "#testing/receiver";
import { document, start } from "#testing/workflows";

type Asked = Parameters<Parameters<Receiver["answer"]>[1]>[2];

/** What a receiver says again, in a header and in the body. */
export interface SaidAgain {
  readonly header: string;
  readonly body: string;
}

/** Two paths say again what they are told, one with a good answer and one with a bad one; `nth` counts the requests of each. */
export function sayAgain(receiver: Receiver, said: (asked: Asked, path: string, nth: number) => SaidAgain): void {
  for (const [path, status] of [
    ["/well", 200],
    ["/badly", 418],
  ] as const)
    receiver.answer(path, (response, nth, asked) => {
      const { header, body } = said(asked, path, nth);
      response.writeHead(status, { "content-type": "text/plain", "x-echo": header }).end(body);
    });
}

/** Sends the secret in a header, a query and a body to a host that says everything again. */
export const leaky = (url: string) =>
  document(
    "leaky",
    [
      start({ path: { type: "string" } }, ["path"]),
      {
        id: "send",
        type: "http",
        connection: "hooks",
        request: {
          method: "POST",
          url: `${url}{{ start.path }}?token={{ secrets.API_TOKEN }}`,
          headers: { "X-Token": "{{ secrets.API_TOKEN }}" },
          body: { json: { token: "{{ secrets.API_TOKEN }}" } },
        },
      },
      { id: "say", type: "template", text: "it said {{ send.body }}" },
      { id: "end", type: "end", output: { said: "{{ say.text }}" } },
    ],
    ["start -> send", "send -> say", "say -> end"],
  );
