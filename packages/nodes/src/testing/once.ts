import type { Usage } from "@millrace/engine";
import type { Capabilities, DoOnce, Once } from "#kit/executor";

/** Steps of a node that nothing interrupts. `recorded`: those that an earlier attempt has done; new ones are added to it. */
export function onceOver(capabilities: Capabilities, idempotencyKey: string, recorded = new Map<string, Once>()): DoOnce {
  return async ({ name }, run) => {
    const known = recorded.get(name);
    if (known) return known;
    const usage: Usage[] = [];
    const watch = async <T extends { readonly usage: readonly Usage[] }>(answer: Promise<T>): Promise<T> => {
      const answered = await answer;
      usage.push(...answered.usage);
      return answered;
    };
    const { models, knowledge, workflows } = capabilities;
    const watched: Capabilities = {
      ...capabilities,
      models: { ...models, chat: (call) => watch(models.chat(call)) },
      knowledge: { search: (search) => watch(knowledge.search(search)) },
      workflows: { ...workflows, call: (call) => watch(workflows.call(call)) },
    };
    const output = await run({ capabilities: watched, idempotencyKey: `${idempotencyKey}:${name}` });
    const done = { output, usage };
    recorded.set(name, done);
    return done;
  };
}
