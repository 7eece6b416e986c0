import type { Json, JsonObject } from "@millrace/contract";
import type { EffectContext, OnceContext } from "#kit/executor";
import type { ChatTool } from "#kit/models";

/** A tool as the model is told of it, and what using it does. */
export interface OfferedTool extends ChatTool {
  /** What is wrong with what the model gives; none: it fits, as far as is known here. */
  faults(input: JsonObject): readonly string[];
  /** Costs credits of its own, rather than those of a run that it calls. */
  readonly paid: boolean;
  /** @throws TerminalError `type_error` where the input cannot be used, and whatever comes of the use. */
  use(input: JsonObject, use: ToolUse): Promise<Json>;
}

export interface ToolUse extends Pick<EffectContext, "signal" | "timeoutMs"> {
  readonly own: OnceContext;
}
