import type { PlantedBug } from "../harness/plant.ts";

const COUNTED = "{ ...state, totals: addUsage(state.totals, entry.usage) } : state;";

/** How the engine may lose count of what attempts cost. */
export const PLANTED_TOTALS: readonly PlantedBug[] = [
  {
    name: "what an attempt costs is counted twice",
    file: "apply.ts",
    from: COUNTED,
    to: "{ ...state, totals: addUsage(addUsage(state.totals, entry.usage), entry.usage) } : state;",
  },
  { name: "what an attempt costs is not counted", file: "apply.ts", from: COUNTED, to: "state : state;" },
];

/** How a server may lose count of what models cost. */
export const PLANTED_COSTS: readonly PlantedBug[] = [
  {
    name: "a request that failed costs nothing, whatever its provider counted",
    file: "models/model-service.ts",
    from: "throw await this.#withCost(thrown, tenantId, target, kind, spent);",
    to: "throw thrown;",
  },
  {
    name: "what a called run pays is not its caller's",
    file: "runs/call-workflow.ts",
    from: "error: run.error, usage };",
    to: "error: run.error, usage: [] };",
  },
  {
    name: "the last place is cut off, not rounded",
    file: "credits/cost.ts",
    from: "(millionfold + MILLION / 2n) / MILLION",
    to: "millionfold / MILLION",
  },
  {
    name: "what was in the cache costs as much as what was not",
    file: "credits/cost.ts",
    from: "Math.min(usage.cachedTokens ?? 0, usage.inputTokens)",
    to: "0",
  },
  {
    name: "of an answer that was cut nobody knows what was in the cache",
    file: "models/providers/counts.ts",
    from: "...(this.#cached !== null && { cachedTokens: this.#cached }),",
    to: "",
  },
];
