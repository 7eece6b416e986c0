/** A statement taken apart at its parameters. */
export interface Statement {
  /** One more than there are names. */
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

/**
 * What a parameter's colon may not be part of: strings, quoted names, comments and texts between dollars. Each alternative consumes what it
 * has begun, so the whole is linear. A string ends at its quote, which is doubled inside of it: where a database takes backslashes too and a
 * statement writes one before a quote, what is taken for a parameter is bound all the same, and the database refuses the statement.
 */
const TOKENS =
  /'[^']*'?|"[^"]*"?|`[^`]*`?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$(?<tag>[A-Za-z_]\w*)?\$[\s\S]*?(?:\$\k<tag>\$|$)|::|:(?<name>[A-Za-z_]\w*)|[\w$]+/g;

/** `:name` is a parameter wherever it stands in the statement itself. */
export function parseStatement(sql: string): Statement {
  const texts: string[] = [];
  const names: string[] = [];
  let from = 0;
  for (const match of sql.matchAll(TOKENS)) {
    const name = match.groups?.["name"];
    if (name === undefined) continue;
    texts.push(sql.slice(from, match.index));
    names.push(name);
    from = match.index + match[0].length;
  }
  return { texts: [...texts, sql.slice(from)], names };
}
