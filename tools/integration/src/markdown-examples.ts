import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
const repositoryRoot = fileURLToPath(new URL("../../..", import.meta.url));

/** One TypeScript example of a page. */
export interface MarkdownExample {
  /** Path of the page from the repository's root. */
  readonly page: string;
  /** Line of the page at which the code begins, counted from 1. */
  readonly line: number;
  readonly code: string;
  /** Content by path of the files that the page shows, each in a paragraph that begins with its path. */
  readonly files: ReadonlyMap<string, string>;
}

/** Every fenced block marked `ts` in the repository's pages, but for those that are generated: they show signatures. */
export function markdownExamples(): MarkdownExample[] {
  return pages(repositoryRoot)
    .filter(isWritten)
    .flatMap((path) => {
      const text = readFileSync(path, "utf8");
      const files = shownFiles(text);
      return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => ({
        page: relative(repositoryRoot, path),
        line: text.slice(0, match.index).split("\n").length + 1,
        code: match[1] ?? "",
        files,
      }));
    });
}

function isWritten(path: string): boolean {
  return !relative(repositoryRoot, path).startsWith(join("docs", "api"));
}

function shownFiles(text: string): Map<string, string> {
  const shown = text.matchAll(/^\*\*`([^`]+)`\*\*(?:(?!^```|^\*\*`|^#)[^\n]*\n)*?^```\w+\n(.*?)^```$/gms);
  return new Map([...shown].map(([, path = "", content = ""]) => [path, content]));
}

function pages(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name === "node_modules" || entry.name === "dist" || entry.name.startsWith(".") ? [] : pages(path);
    }
    return entry.name.endsWith(".md") ? [path] : [];
  });
}
