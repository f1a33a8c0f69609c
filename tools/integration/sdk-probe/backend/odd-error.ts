/** An error as a library can make one: no member of it but the message can be read as a text. */
export function oddError(): Error {
  const error = Object.assign(new Error("odd"), { stack: { frames: [1] } });
  return Object.defineProperty(error, "name", {
    get() {
      throw new Error("the name cannot be read");
    },
  });
}
