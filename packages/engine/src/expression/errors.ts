/** What stopped an evaluation. `expression_error`: the data does not fit; `type_error`: `convert` cannot; `limit_exceeded`: the work was cut off. */
export type ExpressionErrorType = "expression_error" | "type_error" | "limit_exceeded";

export type ExpressionErrorCode =
  /** An operator got operands that it cannot work with. */
  | "wrong_type"
  /** A result is NaN or infinite. */
  | "not_finite"
  /** The value has no method of that name. */
  | "unknown_method"
  /** An argument has the wrong type or lies out of range. */
  | "bad_argument"
  /** A text cannot be read as what it should be: a number, a date, JSON, base64, percent encoding. */
  | "bad_input"
  /** `convert` cannot make a value of the wanted type. */
  | "bad_conversion"
  | "limit_fuel"
  | "limit_output"
  | "limit_depth";

/** The only error that an evaluation throws by itself. The message holds names and types, never values. */
export class ExpressionError extends Error {
  readonly type: ExpressionErrorType;
  readonly code: ExpressionErrorCode;
  /** Offsets of the expression within its template, once known. */
  start: number | undefined;
  end: number | undefined;
  /** JSON pointer of the template within its document, once known. */
  at: string | undefined;

  constructor(type: ExpressionErrorType, code: ExpressionErrorCode, message: string) {
    super(message);
    this.name = "ExpressionError";
    this.type = type;
    this.code = code;
  }
}

export function fault(code: ExpressionErrorCode, message: string): ExpressionError {
  return new ExpressionError("expression_error", code, message);
}

export function conversionFault(message: string): ExpressionError {
  return new ExpressionError("type_error", "bad_conversion", message);
}

export type LimitName = "fuel" | "output" | "depth";

export function limitExceeded(limit: LimitName, message: string): ExpressionError {
  return new ExpressionError("limit_exceeded", `limit_${limit}`, message);
}
