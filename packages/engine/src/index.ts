export { apply, begin, replay } from "#apply";
export { JournalMismatch } from "#apply/spine";
export { recordedStep } from "#apply/step";
export {
  type Command,
  DEFAULT_CONCURRENCY,
  DEFAULT_MAX_OUTPUT_BYTES,
  type DecideLimits,
  decide,
  type ExecuteCommand,
  timers,
} from "#decide";
export type * from "#directive";
export { TIMEOUT_PORT } from "#directive";
export { errorOf, fieldOf, type NodeError, RetryableError, runError, TerminalError } from "#errors";
export { type CompiledTemplate, type CompileResult, compileExpression, compileTemplate } from "#expression/compile";
export { type Completion, completeExpression, completeTemplate } from "#expression/complete";
export { ExpressionError } from "#expression/errors";
export { FUNCTIONS, METHODS } from "#expression/functions";
export { readDate } from "#expression/functions/date";
export { type RenameResult, type Renaming, renameInExpression, renameInTemplate } from "#expression/rename";
export type { EvaluationContext, ExpressionProblem, Reference, ReferenceResolver, ScopeMember } from "#expression/scope";
export { hasExpression, type TemplatePiece, templatePieces } from "#expression/template";
export { attemptStarted, failed, settled, stamp, stepDone } from "#interpret";
export type * from "#journal";
export { isDeeperThan, jsonBytes, MAX_DEPTH } from "#json-size";
export type { ConnectionUse, Effect, MemberMode, NodeSpec, NodeSpecs, ResultShape, ToolsUse } from "#node-spec";
export { draftAnswer } from "#outcome/draft";
export { cacheKey, nodeConcurrencyKey } from "#outcome/envelope";
export { failuresTo } from "#outcome/failures";
export { concurrencyKey } from "#outcome/lane";
export { type Prepared, prepare } from "#outcome/prepare";
export { containerOf, prefixOf } from "#path";
export { isPaused, nextTimerAt, type Pause, pauseOf } from "#pause";
export type { KnownNames } from "#plan/compile-graph";
export { DocumentScopes, type LegalReference } from "#plan/document-scopes";
export { dynamic, resolvedSchema } from "#plan/dynamic";
export { type NodeUsage, namesReadBy, type RenamedNode, renameNode, usagesOfNode } from "#plan/node-names";
export { nodeOfPath } from "#plan/node-of-path";
export { type PlanOptions, type PlanResult, plan } from "#plan/plan";
export type { Credentials, GraphPlan, NodePlan, Plan } from "#plan/plan-types";
export { type Problem, Problems, type SaidProblem } from "#plan/problem";
export { checkSchema } from "#plan/schema-problems";
export type { Scope } from "#plan/scope";
export { type Reused, reuse } from "#reuse";
export { compareVersions } from "#reuse/compare";
export { previewReuse, type ReusePreview } from "#reuse/preview";
export { containersAround, selectEntries } from "#reuse/select";
export { rollUp } from "#roll-up";
export type { GivenAnswer, OpenQuestion, RecordedStep, RunState } from "#state";
export { didYouMean, nearHint } from "#suggest";
export { addUsage, creditsText, NO_TOTALS, parseCredits, roundCredits, shortCredits, type Totals } from "#totals";
export { type AttemptUsage, usageOfEntry } from "#usage-of-entry";
export { equal } from "#value/equal";
export { findOperator, OPERATORS, type OperatorName, UNARY_OPERATORS } from "#value/operators";
export { textOf } from "#value/text";
export {
  ANY,
  arrayOf,
  BOOLEAN,
  type Conversion,
  convert,
  describe,
  INTEGER,
  NUMBER,
  OBJECT,
  parseType,
  STRING,
  typeName,
  type ValueType,
} from "#value/types";
