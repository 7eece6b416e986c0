import { basename } from "node:path";

/** What every project has beside its workflows. */
export interface Scaffold {
  /** Path below the project's folder. */
  readonly file: string;
  readonly text: string;
}

export interface ScaffoldOptions {
  /** The project's folder, an absolute path. */
  readonly folder: string;
  /** The template has test files. */
  readonly tested: boolean;
  /** Of this package. */
  readonly version: string;
  readonly types: string;
}

export function scaffold({ folder, tested, version, types }: ScaffoldOptions): readonly Scaffold[] {
  return [
    { file: ".github/workflows/millrace.yml", text: continuousIntegration(tested) },
    // A package leaves such a file out, so it is no part of a template.
    { file: ".gitignore", text: ".millrace/\n.env\nnode_modules/\n" },
    { file: "millrace.config.json", text: json({ $schema: CONFIG_SCHEMA }) },
    { file: "millrace.d.ts", text: types },
    { file: "package.json", text: json(packageJson(packageName(folder), tested, version)) },
  ];
}

/** As the package publishes it. */
const CONFIG_SCHEMA = "./node_modules/millrace/dist/schemas/config.json";

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function packageJson(name: string, tested: boolean, version: string): object {
  const check = ["validate", "fmt --check", "types --check"].map((command) => `millrace ${command}`).join(" && ");
  return {
    name,
    private: true,
    type: "module",
    scripts: { dev: "millrace dev", check, ...(tested && { test: "millrace test" }) },
    devDependencies: { millrace: `^${version}` },
  };
}

/** As npm takes it. */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return name === "" ? "flows" : name;
}

function continuousIntegration(tested: boolean): string {
  const test = "      - run: npx millrace test --reporter junit > junit.xml\n";
  return `name: millrace
on:
  push:
  pull_request:

jobs:
  check:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    env:
      MILLRACE_ENDPOINT: \${{ vars.MILLRACE_ENDPOINT }}
      MILLRACE_API_KEY: \${{ secrets.MILLRACE_API_KEY }}
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with:
          node-version: 24
      - run: npm install --ignore-scripts
      - run: npx millrace validate
      - run: npx millrace fmt --check
${tested ? test : ""}      - run: npx millrace types --check
      - if: env.MILLRACE_API_KEY != ''
        run: npx millrace deploy --publish --dry-run
`;
}
