export type { CancelSignal, Egress, EgressRequest, EgressResponse, Sandbox, SandboxCall, SandboxResult } from "#kit/capabilities";
export type { Capabilities, EffectContext, EffectExecutor, Executor, PureContext, PureExecutor } from "#kit/executor";
