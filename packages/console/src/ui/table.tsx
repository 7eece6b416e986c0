import type { ReactNode } from "react";
import { classes } from "#ui/classes.ts";

export interface Column<Row> {
  /** `menu`: what can be done with the row, in the corner of its card on a phone. */
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Names the row: the head of a card on a phone. */
  readonly head?: boolean;
  /** Numbers and times stand at the end. */
  readonly end?: boolean;
}

interface TableProps<Row> {
  /** Read out for the whole table. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
}

/** A table; below 640 px every row is a card with the columns' titles beside the values. */
export function Table<Row>({ label, rows, columns, rowKey }: TableProps<Row>) {
  return (
    <div className="rounded-lg border border-line bg-surface max-sm:border-0 max-sm:bg-transparent sm:overflow-x-auto">
      <table aria-label={label} className="w-full border-collapse text-start max-sm:block">
        <thead className="max-sm:sr-only">
          <tr>
            {columns.map(({ key, title, end }) => (
              <th
                key={key}
                scope="col"
                className={classes(
                  "px-3 py-2 lg:max-xl:px-2 text-sm font-medium whitespace-nowrap text-quiet",
                  end ? "text-end" : "text-start",
                )}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-sm:flex max-sm:flex-col max-sm:gap-2">
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              className="border-t border-line hover:bg-raised max-sm:block max-sm:rounded-lg max-sm:border max-sm:bg-surface max-sm:relative max-sm:p-3"
            >
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<Row>({ column: { key, title, cell, head, end }, row }: { column: Column<Row>; row: Row }) {
  const content = cell(row);
  const isEmpty = content === null || content === undefined || content === false || content === "";
  const place = classes(
    "px-3 py-2 align-middle lg:max-xl:px-2 max-sm:flex max-sm:items-baseline max-sm:justify-between max-sm:gap-4 max-sm:px-0 max-sm:py-0.5",
    end ? "text-end sm:whitespace-nowrap" : head ? "text-start" : "text-start max-sm:text-end",
    // On a card nothing would stand beside the title, and a menu has its corner.
    isEmpty && "max-sm:hidden",
    key === "menu" && "max-sm:absolute max-sm:end-1.5 max-sm:top-1 max-sm:py-0",
  );
  if (head) {
    return (
      <th scope="row" className={classes(place, "font-normal max-sm:pe-10 max-sm:pb-1.5")}>
        {content}
      </th>
    );
  }
  return (
    <td className={place}>
      <span className="shrink-0 text-quiet sm:hidden" aria-hidden="true">
        {title}
      </span>
      {content}
    </td>
  );
}
