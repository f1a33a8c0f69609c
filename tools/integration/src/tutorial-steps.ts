/** One fenced block of a tutorial, in the page's order. */
export type TutorialStep =
  /** A file, by its path from the repository's root. */
  | { readonly kind: "file"; readonly line: number; readonly path: string; readonly text: string }
  /** Commands of the first terminal. */
  | { readonly kind: "commands"; readonly line: number; readonly exitCode: number; readonly text: string }
  /** Commands of a terminal that is named, which go on running. */
  | { readonly kind: "running"; readonly line: number; readonly terminal: string; readonly text: string }
  /** Lines that are typed into a program that runs in a terminal. */
  | { readonly kind: "typed"; readonly line: number; readonly terminal: string; readonly text: string }
  /** What a terminal shows after that. */
  | { readonly kind: "output"; readonly line: number; readonly terminal: string | undefined; readonly text: string };

/**
 * The steps of a page: blocks of `sh` are commands, of `text` their output, and all others files. A `title` names the file, or the
 * terminal where it is not the first one; `…, typed` is what is typed there. `exits with 1` are commands of the first one that do.
 *
 * @throws Error for a block that is none of these
 */
export function tutorialSteps(markdown: string): TutorialStep[] {
  return [...markdown.matchAll(/^```(\w*)(?: title="([^"]*)")?\n(.*?)^```$/gms)].map((match) => {
    const [, language = "", title, text = ""] = match;
    const line = markdown.slice(0, match.index).split("\n").length;
    if (language === "sh") {
      const exitCode = title === undefined ? 0 : /^exits with (\d+)$/.exec(title)?.[1];
      return exitCode === undefined
        ? { kind: "running", line, terminal: title ?? "", text }
        : { kind: "commands", line, exitCode: Number(exitCode), text };
    }
    if (language === "text") {
      const typed = title?.match(/^(.*), typed$/)?.[1];
      return typed === undefined
        ? { kind: "output", line, terminal: title, text }
        : { kind: "typed", line, terminal: typed, text };
    }
    if (title === undefined) {
      throw new Error(`line ${line}: a block of ${language || "no language"} needs a title, the path of its file`);
    }
    return { kind: "file", line, path: title, text };
  });
}

/**
 * Where a terminal's text goes on after what a page shows of it, or undefined where it is not in there: each line in its order, with `…`
 * standing for any lines, times and sizes for any of them.
 */
export function endOfShown(text: string, shown: string): number | undefined {
  const parts = comparable(shown)
    .trim()
    .split(/^…$/m)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const seen = comparable(text);
  let end = 0;
  for (const part of parts) {
    const start = seen.indexOf(part, end);
    if (start < 0) {
      return undefined;
    }
    end = start + part.length;
  }
  return end;
}

/** A terminal's text without what differs each time: times, sizes, the platform, spaces at the ends of lines. */
export function comparable(text: string): string {
  return text
    .replaceAll(/\d[\d.]* ?(ms|s|MiB)\b/g, "# $1")
    .replaceAll(/# (ms|s)\b/g, "# s")
    .replaceAll(/_(linux|darwin|windows)_(amd64|arm64)(\.exe)?/g, "_os_arch")
    .replaceAll(/[ \t]+$/gm, "")
    .replaceAll(/ {2,}(?=# )/g, "  ");
}
