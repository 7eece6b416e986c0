import type { TranslateGraph } from "#flow/bodies";
import { translateAudioLlm } from "#flow/nodes/audio-llm";
import { translateBatch } from "#flow/nodes/batch";
import { translateCode } from "#flow/nodes/code";
import { translateComment } from "#flow/nodes/comment";
import { translateCondition } from "#flow/nodes/condition";
import { translateBreak, translateContinue, translateNextLoop } from "#flow/nodes/control";
import { translateDatabase } from "#flow/nodes/database";
import { translateDataset } from "#flow/nodes/dataset";
import { translateEnd } from "#flow/nodes/end";
import { translateFileParse } from "#flow/nodes/file-parse";
import { translateHttp } from "#flow/nodes/http";
import { translateIntent } from "#flow/nodes/intent";
import { translateLlm } from "#flow/nodes/llm";
import { translateLoop } from "#flow/nodes/loop";
import { translateSetIntermediateVariable } from "#flow/nodes/set-intermediate-variable";
import { translateStart } from "#flow/nodes/start";
import { translateTextProcess } from "#flow/nodes/text-process";
import { translateToolApi } from "#flow/nodes/tool-api";
import type { Translated } from "#flow/nodes/translated";
import { translateVariableAggregate } from "#flow/nodes/variable-aggregate";
import type { ValueReader } from "#flow/values";
import type { FlowNodeType } from "#flow/vendor";

/** One translator a vendor type; containers are given the way to translate their bodies. */
export const TRANSLATORS: { readonly [type in FlowNodeType]: (values: ValueReader, translateGraph: TranslateGraph) => Translated } = {
  START: translateStart,
  END: translateEnd,
  LLM: translateLlm,
  AUDIO_LLM: translateAudioLlm,
  INTENT: translateIntent,
  CONDITION: translateCondition,
  CODE: translateCode,
  HTTP: translateHttp,
  DATASET: translateDataset,
  DATABASE: translateDatabase,
  TOOL_API: translateToolApi,
  FILE_PARSE: translateFileParse,
  TEXT_PROCESS: translateTextProcess,
  VARIABLE_AGGREGATE: translateVariableAggregate,
  SET_INTERMEDIATE_VARIABLE: translateSetIntermediateVariable,
  LOOP: translateLoop,
  BATCH: translateBatch,
  NEXT_LOOP: translateNextLoop,
  CONTINUE: translateContinue,
  BREAK: translateBreak,
  COMMENT: translateComment,
};
