import type { Json } from "@millrace/contract";
import type { BoundValue } from "@millrace/nodes";
import type { Connection } from "pg";
import Cursor from "pg-cursor";
import { TYPES } from "#databases/postgres/types";

interface CursorResult {
  readonly fields: readonly { readonly name: string }[];
  readonly rowCount: number | null;
}

/** Parts of the driver that its types leave out. */
interface Inside {
  readonly _result: CursorResult;
}

/** Reads rows in portions, by the extended protocol: it takes one statement, whose values travel apart from it. */
export class RowCursor extends Cursor<readonly Json[]> {
  constructor(text: string, values: readonly BoundValue[]) {
    super(text, [...values], { rowMode: "array", types: TYPES } as ConstructorParameters<typeof Cursor>[2]);
  }

  get columns(): readonly string[] {
    return (this as unknown as Inside)._result.fields.map(({ name }) => name);
  }

  get changed(): number {
    return (this as unknown as Inside)._result.rowCount ?? 0;
  }

  /** Nothing is copied in or out: there is nowhere to take it from. */
  handleCopyInResponse(connection: Connection): void {
    (connection as unknown as { sendCopyFail(message: string): void }).sendCopyFail("COPY is not supported here");
  }

  handleCopyData(): void {}
}
