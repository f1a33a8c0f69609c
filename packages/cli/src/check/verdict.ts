/** What came of one requirement. */
export type Verdict =
  | { readonly status: "passed"; readonly seen: string | undefined }
  | { readonly status: "failed"; readonly expected: string; readonly seen: string }
  | { readonly status: "not applicable"; readonly why: string };

/** The plugin does as it should; `seen` says more where there is more to say. */
export function passed(seen?: string): Verdict {
  return { status: "passed", seen };
}

/** The plugin does not. */
export function failed(expected: string, seen: string): Verdict {
  return { status: "failed", expected, seen };
}

/** There is nothing to look at in this plugin. */
export function notApplicable(why: string): Verdict {
  return { status: "not applicable", why };
}

/** Thrown in the middle of a look at what turns out not to be there. */
export class NotApplicable extends Error {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "NotApplicable";
}
