import type { JsonObject, Mock } from "@millrace/contract";
import type { ContinueDirective, Directive, Usage } from "@millrace/engine";
import type { EffectContext, EffectExecutor, Egress, Executor, PureExecutor } from "@millrace/nodes";
import { type BegunAttempt, failureOf, type RunPlace, type Stage } from "#cases/stage";
import type { VirtualClock } from "#cases/virtual-clock";

export interface MockedPorts {
  readonly stage: Stage;
  readonly clock: VirtualClock;
  /** Of a mock with an output: what its `tokens` cost. */
  usageOf(model: string | null, tokens: Mock["tokens"]): readonly Usage[];
}

/** The executors of nodes, each behind what a case has in their place. */
export function mockedExecutors(ports: MockedPorts, executors: ReadonlyMap<string, Executor>): ReadonlyMap<string, Executor> {
  return new Map(
    [...executors].map(([type, executor]) => [type, executor.effect === "none" ? pure(ports, executor) : effect(ports, executor)]),
  );
}

function pure(ports: MockedPorts, executor: PureExecutor): PureExecutor {
  const { stage } = ports;
  const run: PureExecutor["run"] = (config, context) => {
    const stands = answerOf(ports, context, stage.begin(context, config), null);
    if (stands) return stands;
    const directive = executor.run(config, context);
    if (directive.verb === "iterate" && directive.items) stage.noteItems(context, directive.items);
    return directive;
  };
  return { ...executor, run, withEffects: executor.withEffects && effect(ports, executor.withEffects) };
}

function effect(ports: MockedPorts, executor: EffectExecutor): EffectExecutor {
  const { stage, clock } = ports;
  const run: EffectExecutor["run"] = async (config, context) => {
    const begun = stage.begin(context, config);
    await clock.sleep(begun.afterMs, context.signal);
    const model = typeof config["model"] === "string" ? config["model"] : null;
    const stands = answerOf(ports, context, begun, model);
    if (stands) return stands;
    return kept(
      stage,
      context,
      config,
      executor.run(
        config,
        withEgress(context, (egress) => guarded(stage, context, egress)),
      ),
    );
  };
  return { ...executor, run };
}

/** null: the node runs. Throws where the mock fails. */
function answerOf({ stage, usageOf }: MockedPorts, place: RunPlace, begun: BegunAttempt, model: string | null): ContinueDirective | null {
  const { standIn } = begun;
  if (standIn.do === "run") return null;
  if (standIn.do === "fail") throw failureOf(standIn);
  const usage = [...begun.usage, ...usageOf(model, stage.mock(place)?.tokens)];
  const { output, port } = standIn;
  return { verb: "continue", output, ...(port !== undefined && { port }), ...(usage.length > 0 && { usage }) };
}

async function kept(stage: Stage, place: RunPlace, config: JsonObject, running: Promise<Directive>): Promise<Directive> {
  try {
    const directive = await running;
    stage.keep(place, config, directive);
    return directive;
  } catch (thrown) {
    if (thrown instanceof Error) stage.keep(place, config, thrown);
    throw thrown;
  }
}

function guarded(stage: Stage, place: RunPlace, egress: Egress): Egress {
  return {
    request: (request) => stage.reach(place, `${request.method} ${request.url}`, () => egress.request(request)),
  };
}

/** For the attempt, and for each of its steps. */
function withEgress(context: EffectContext, change: (egress: Egress) => Egress): EffectContext {
  const changed = (capabilities: EffectContext["capabilities"]) => ({ ...capabilities, egress: change(capabilities.egress) });
  const once: EffectContext["once"] = (step, run) => context.once(step, (own) => run({ ...own, capabilities: changed(own.capabilities) }));
  return { ...context, capabilities: changed(context.capabilities), once };
}
