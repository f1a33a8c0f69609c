/** Closes an instance by whichever way it offers: `Symbol.asyncDispose`, `Symbol.dispose` or a `dispose` method. */
export async function disposeInstance(instance: unknown): Promise<void> {
  if (typeof instance !== "object" || instance === null) {
    return;
  }
  for (const name of [Symbol.asyncDispose, Symbol.dispose, "dispose"]) {
    const method: unknown = Reflect.get(instance, name);
    if (typeof method === "function") {
      await method.call(instance);
      return;
    }
  }
}
