export type {
  CalledRun,
  CancelSignal,
  Egress,
  EgressRequest,
  EgressResponse,
  Sandbox,
  SandboxCall,
  SandboxResult,
  WorkflowCall,
  Workflows,
} from "#kit/capabilities";
export type { Capabilities, EffectContext, EffectExecutor, Executor, PureContext, PureExecutor } from "#kit/executor";
