export type {
  CalledRun,
  CancelSignal,
  DescribedWorkflow,
  Egress,
  EgressRequest,
  EgressResponse,
  Sandbox,
  SandboxCall,
  SandboxResult,
  TemplateCall,
  WorkflowCall,
  Workflows,
} from "#kit/capabilities";
export type { BoundValue, DatabaseQuery, DatabaseRows, Databases } from "#kit/databases";
export type {
  Capabilities,
  DoOnce,
  EffectContext,
  EffectExecutor,
  Executor,
  Once,
  OnceContext,
  OnceStep,
  PureContext,
  PureExecutor,
} from "#kit/executor";
export { fileNameOf } from "#kit/file-name";
export type { FileParser, ParseCall, ParsedFile, ParsedTable } from "#kit/file-parser";
export type { Knowledge, KnowledgeFilter, KnowledgeItem, KnowledgeSearch, KnowledgeSource } from "#kit/knowledge";
export { parseContentType } from "#kit/media-types";
export type {
  ChatAnswer,
  ChatCall,
  ChatDelta,
  ChatMessage,
  ChatPart,
  ChatTool,
  EmbedAnswer,
  EmbedCall,
  Models,
  SpeakAnswer,
  SpeakCall,
  ToolCall,
  ToolResult,
  TranscribeAnswer,
  TranscribeCall,
} from "#kit/models";
export { retryAfterMs } from "#kit/retry-after";
export { isSuccess, statusError } from "#kit/status-error";
export type { Tool, ToolAnswer, ToolLimits, Tools, ToolUse } from "#kit/tools";
