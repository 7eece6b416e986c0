const PARAMETER = /\{([A-Za-z]+)\}/g;

type ParametersOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | ParametersOf<Rest> : never;

/** The values that a path needs, by name: `{ workflow }` for `/api/v1/workflows/{workflow}`. */
export type PathParameters<Path extends string> = { readonly [Name in ParametersOf<Path>]: string };

export function pathParameters(path: string): readonly string[] {
  return Array.from(path.matchAll(PARAMETER), ([, name = ""]) => name);
}

/** The path of one request; values are percent-encoded, so that a name of any script is one segment. */
export function fillPath<Path extends string>(path: Path, values: PathParameters<Path>): string {
  const texts: Readonly<Record<string, string>> = values;
  return path.replace(PARAMETER, (_, name: string) => encodeURIComponent(texts[name] ?? ""));
}
