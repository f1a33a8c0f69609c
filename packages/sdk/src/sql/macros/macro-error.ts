/**
 * What is wrong with the arguments of a macro. {@link expandMacros} makes a `DownstreamError` with status 400 of it, which also
 * says which macro, where it stands and how it is written.
 */
export class MacroError extends Error {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "MacroError";
}
