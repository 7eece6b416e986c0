import type { SqlValue } from "#store/sql/rows";

/** The conditions of a list, all of which hold: those that nobody asked for are left out. */
export class Conditions {
  readonly #conditions: string[];
  readonly values: SqlValue[];

  constructor(condition: string, value: SqlValue) {
    this.#conditions = [condition];
    this.values = [value];
  }

  get sql(): string {
    return this.#conditions.join(" AND ");
  }

  and(condition: string, value: SqlValue | undefined): this {
    return value === undefined ? this : this.with(condition, value);
  }

  with(condition: string, ...values: readonly SqlValue[]): this {
    this.#conditions.push(condition);
    this.values.push(...values);
    return this;
  }
}
