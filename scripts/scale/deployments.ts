import type { JsonObject } from "@millrace/contract";
import { document, start } from "../promises/harness/documents.ts";
import { type Form, withForm } from "./form.ts";
import { begin, effectsSeen, judged, outcomeOf, untilEnded } from "./load-runs.ts";
import { say } from "./say.ts";

/** Runs wait while new workers are registered: half of them go on beside the old worker, half once that is gone for good. */
export function deployments(runs = 40): Promise<boolean> {
  return withForm({ workers: 2, later: 1 }, async (form) => {
    const { key } = await form.api.publish(waiting(form.effects.port));
    const old = await begin(form, key, runs);
    await effectsSeen(form, runs);
    form.workers[1] = await form.startWorker(1);
    say(`${runs} runs wait; another deployment of the workers is registered`);
    const fresh = await begin(form, key, runs);
    await effectsSeen(form, 2 * runs);
    const [beside, without] = [old.slice(0, runs / 2), old.slice(runs / 2)];
    await Promise.all([...fresh, ...beside].map((id) => tell(form, key, id)));
    say(
      `${fresh.length} new runs and ${beside.length} old ones went on, ended after ${await untilEnded(form, key, [...fresh, ...beside])} ms`,
    );
    await form.workers[0]?.end("SIGKILL");
    const began = performance.now();
    await Promise.all(without.map((id) => tell(form, key, id)));
    await untilEnded(form, key, without);
    say(`the old worker is gone: ${without.length} old runs ended on the new one after ${Math.round(performance.now() - began)} ms`);
    return judged(await outcomeOf(form, key, [...old, ...fresh]), form);
  });
}

/** Calls outside, waits to be told to go on, and calls again. */
function waiting(port: number): JsonObject {
  const call = (id: string): JsonObject => ({ id, type: "http", request: { method: "POST", url: `http://127.0.0.1:${port}/effect` } });
  const nodes = [start({ n: { type: "integer" } }), call("call0"), { id: "wait", type: "signal", signal: "go" }, call("call1")];
  const end = { id: "end", type: "end", output: { done: "{{ call1.body.done }}" } };
  return document("waiting", [...nodes, end], ["start -> call0", "call0 -> wait", "wait -> call1", "call1 -> end"]);
}

async function tell(form: Form, key: string, workflowRunId: string): Promise<void> {
  const body = { workflowRunId, name: "go", value: null };
  const { status, text } = await form.api.call("POST", "/v1/workflow/run/signal", { key, body });
  if (status !== 200) throw new Error(`${workflowRunId} could not be told to go on: ${status} ${text}`);
}
