import ts from "typescript";

/** The name under which the web app imports the types. */
export const TYPES_PACKAGE = "innotrue-hub-types";

/** The files of a package, by name. */
export type PackageFiles = Readonly<Record<string, string>>;

/**
 * The database's types as an npm package: declarations, and the module of `Constants`, the enums'
 * values, which are there at run time.
 *
 * @param source what `deno task types` generates
 * @throws {TypeError} when it cannot be declared file by file
 */
export function typesPackage(source: string, version: string): PackageFiles {
  const compilerOptions: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
  };
  const options = { fileName: "index.ts", compilerOptions };
  const { outputText: module } = ts.transpileModule(source, options);
  const { outputText: declarations, diagnostics = [] } = ts
    .transpileDeclaration(source, {
      ...options,
      reportDiagnostics: true,
    });
  if (diagnostics.length > 0) {
    throw new TypeError(
      diagnostics.map(({ messageText }) =>
        ts.flattenDiagnosticMessageText(messageText, " ")
      ).join("; "),
    );
  }
  return {
    "index.js": module,
    "index.d.ts": declarations,
    "package.json": `${JSON.stringify(manifest(version), null, 2)}\n`,
  };
}

function manifest(version: string) {
  return {
    name: TYPES_PACKAGE,
    version,
    description: "The types of InnoTrue Hub's database, for supabase-js",
    license: "MIT",
    private: true, // installed from a release's folder, not from a registry
    type: "module",
    sideEffects: false,
    exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
    types: "./index.d.ts",
  };
}
