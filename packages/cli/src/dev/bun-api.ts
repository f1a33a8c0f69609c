/** What is used of the API of the runtime that runs a backend from its sources. Source: https://bun.com/docs/api/transpiler */
interface BunApi {
  /**
   * Where an import leads, as the runtime itself would find it: with the paths of `tsconfig.json` and without links.
   *
   * @param folder of the module that imports
   * @returns an absolute path, or the name of a module that is built in
   * @throws Error where nothing is found
   */
  resolveSync(specifier: string, folder: string): string;
  readonly Transpiler: new (options: {
    readonly loader: "ts" | "tsx";
    /** Leaves out what is imported for its types alone. */
    readonly trimUnusedImports: boolean;
  }) => {
    /** @throws Error where the source cannot be parsed */
    scanImports(source: string): readonly { readonly kind: string; readonly path: string }[];
  };
}

declare const Bun: BunApi;

/** The runtime's API. Only what runs in it can call this. */
export function bunApi(): BunApi {
  return Bun;
}
