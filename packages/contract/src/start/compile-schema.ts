import { typeWord, wording } from "#fault";
import { isJsonObject, type Json, type JsonObject } from "#json";
import { LIMITS } from "#limits";
import { fromPointer, type Step, toPointer } from "#pointer";
import { inWords, type Said, say } from "#say";
import { fileKeyword } from "#start/file-keyword";
import { ARRAY_KEYWORDS } from "#start/keywords-array";
import { LOGIC_KEYWORDS } from "#start/keywords-logic";
import { OBJECT_KEYWORDS, own } from "#start/keywords-object";
import { SCALAR_KEYWORDS } from "#start/keywords-scalar";
import type { KeywordTable, PatternEngine, SchemaCheck, SchemaProblem, SchemaScope } from "#start/schema-types";
import { compileType } from "#start/type-keyword";

const KEYWORDS: KeywordTable = { ...SCALAR_KEYWORDS, ...LOGIC_KEYWORDS, ...ARRAY_KEYWORDS, ...OBJECT_KEYWORDS };

/** Keywords that describe and do not check. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "contentEncoding",
  "contentMediaType",
  "$comment",
  "$schema",
  "$defs",
  "definitions",
]);

export const isAnnotation = (keyword: string): boolean => ANNOTATIONS.has(keyword) || (keyword.startsWith("x-") && keyword !== "x-file");

const acceptAll: SchemaCheck = () => {};
const refuseAll: SchemaCheck = (value, sink) => sink.add("no_value", wording("no_value"), typeWord(value));

/** Where the compiler stands: the steps, the references that lead here, and whether this decides between alternatives. */
interface Place {
  readonly steps: readonly Step[];
  readonly refs: readonly string[];
  readonly depth: number;
  readonly logic: boolean;
}

/** Compiles the parts of one Start schema and keeps what is wrong with them. References are written out, so a check's cost is bounded by the schema's size. */
export class SchemaCompiler {
  readonly problems: SchemaProblem[] = [];
  readonly patterns: PatternEngine | null;
  readonly maxFileBytes: number;
  readonly #root: JsonObject;
  #schemas = 0;

  constructor(root: JsonObject, patterns: PatternEngine | null, maxFileBytes: number) {
    this.#root = root;
    this.patterns = patterns;
    this.maxFileBytes = maxFileBytes;
  }

  /** `logic`: the schema may hold no file. */
  compile(schema: Json, steps: readonly Step[], logic = false): SchemaCheck {
    return this.compileAt(schema, { steps, refs: [], depth: 0, logic });
  }

  compileAt(schema: Json, place: Place): SchemaCheck {
    if (typeof schema === "boolean") return schema ? acceptAll : refuseAll;
    if (!isJsonObject(schema)) return this.#refuse(place, "invalid_keyword", say`must be a schema: an object, true or false`);
    if (this.#isTooLarge(place)) return acceptAll;
    return schema["x-file"] === undefined ? this.#compileKeywords(schema, place) : this.#compileFile(schema, place);
  }

  problem(steps: readonly Step[], code: SchemaProblem["code"], message: Said): void {
    const subject = steps.at(-1) ?? "schema";
    const said = say`${subject} ${message}`;
    this.problems.push({ path: toPointer(steps), code, message: inWords(said), said });
  }

  #refuse(place: Place, code: SchemaProblem["code"], message: Said): SchemaCheck {
    this.problem(place.steps, code, message);
    return acceptAll;
  }

  /** Reported once: every further sub-schema would repeat it. */
  #isTooLarge(place: Place): boolean {
    const { startSchemas, startSchemaDepth } = LIMITS;
    this.#schemas++;
    if (this.#schemas <= startSchemas.value && place.depth <= startSchemaDepth.value) return false;
    if (!this.problems.some(({ code }) => code === "schema_too_large")) {
      const limits = say`at most ${startSchemas.value} sub-schemas, ${startSchemaDepth.value} deep, with references written out`;
      this.problem(place.steps, "schema_too_large", say`makes the schema too large: ${limits}`);
    }
    return true;
  }

  #compileFile(schema: JsonObject, place: Place): SchemaCheck {
    const scope = new KeywordScope(this, place, "x-file");
    for (const keyword of Object.keys(schema)) {
      if (keyword !== "x-file" && !isAnnotation(keyword)) {
        scope.sibling(keyword).problem("unsupported_keyword", say`cannot stand beside x-file`);
      }
    }
    if (place.logic) scope.problem("unsupported_keyword", say`may stand in properties and items only, not inside alternatives`);
    return fileKeyword(schema["x-file"] ?? null, schema, scope) ?? acceptAll;
  }

  #compileKeywords(schema: JsonObject, place: Place): SchemaCheck {
    const type = schema["type"] === undefined ? null : compileType(schema["type"], schema, new KeywordScope(this, place, "type"));
    const checks: SchemaCheck[] = [];
    for (const [keyword, operand] of Object.entries(schema)) {
      const check = keyword === "type" ? null : this.#compileKeyword(keyword, operand, schema, place);
      if (check !== null) checks.push(check);
    }
    return (value, sink) => {
      if (type !== null && !type(value, sink)) return;
      for (const check of checks) check(value, sink);
    };
  }

  #compileKeyword(keyword: string, operand: Json, schema: JsonObject, place: Place): SchemaCheck | null {
    if (isAnnotation(keyword)) return null;
    if (keyword === "$ref") return this.#compileRef(operand, place);
    const scope = new KeywordScope(this, place, keyword);
    const compiler = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
    if (compiler !== undefined) return compiler(operand, schema, scope);
    scope.problem("unsupported_keyword", say`is not a supported keyword`);
    return null;
  }

  /** `#/$defs/<name>` of the same schema. A reference that leads back to itself would never end being written out. */
  #compileRef(operand: Json, place: Place): SchemaCheck {
    const at = { ...place, steps: [...place.steps, "$ref"] };
    const steps = typeof operand === "string" && operand.startsWith("#/") ? fromPointer(operand.slice(1)) : [];
    const [section = "", name = ""] = steps;
    const definitions = section === "$defs" || section === "definitions" ? this.#root[section] : undefined;
    const target = steps.length === 2 && isJsonObject(definitions) ? own(definitions, name) : undefined;
    if (target === undefined) return this.#refuse(at, "invalid_ref", say`must be #/$defs/<name> of a definition in this schema`);
    const ref = steps.join("/");
    if (place.refs.includes(ref)) return this.#refuse(at, "invalid_ref", say`leads back to itself: recursive schemas are not supported`);
    return this.compileAt(target, { steps, refs: [...place.refs, ref], depth: place.depth + 1, logic: place.logic });
  }
}

class KeywordScope implements SchemaScope {
  readonly #compiler: SchemaCompiler;
  readonly #place: Place;
  readonly #keyword: string;

  constructor(compiler: SchemaCompiler, place: Place, keyword: string) {
    this.#compiler = compiler;
    this.#place = place;
    this.#keyword = keyword;
  }

  get patterns(): PatternEngine | null {
    return this.#compiler.patterns;
  }

  get maxFileBytes(): number {
    return this.#compiler.maxFileBytes;
  }

  sibling(keyword: string): SchemaScope {
    return new KeywordScope(this.#compiler, this.#place, keyword);
  }

  compile(schema: Json, ...steps: readonly Step[]): SchemaCheck {
    return this.#compiler.compileAt(schema, this.#below(steps, this.#place.logic));
  }

  compileLogic(schema: Json, ...steps: readonly Step[]): SchemaCheck {
    return this.#compiler.compileAt(schema, this.#below(steps, true));
  }

  problem(code: SchemaProblem["code"], message: Said): void {
    this.#compiler.problem([...this.#place.steps, this.#keyword], code, message);
  }

  #below(steps: readonly Step[], logic: boolean): Place {
    return { ...this.#place, steps: [...this.#place.steps, this.#keyword, ...steps], depth: this.#place.depth + 1, logic };
  }
}
