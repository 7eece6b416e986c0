import { document, start } from "#testing/workflows";

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
