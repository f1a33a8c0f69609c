/** Plugins that do one thing wrong, by name. */
export const deviations: Readonly<Record<string, { readonly fails: string; readonly steps: object }>>;
