import { DownstreamError } from "../errors.js";

/**
 * Matches a request's path with a route's. A slash at the end makes no difference.
 *
 * @param pattern such as `/items/:id`, where `:id` stands for one segment
 * @returns the parameters, decoded; undefined when the path is another
 * @throws DownstreamError with status 400 that names the parameter, when it is wrongly encoded
 */
export function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = segmentsOf(pattern);
  const given = segmentsOf(path);
  if (wanted.length !== given.length) {
    return undefined;
  }
  const encoded: (readonly [name: string, value: string])[] = [];
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? "";
    if (segment.startsWith(":") && value !== "") {
      encoded.push([segment.slice(1), value]);
    } else if (segment !== value) {
      return undefined;
    }
  }
  return Object.fromEntries(encoded.map(([name, value]) => [name, decode(name, value)]));
}

function segmentsOf(path: string): string[] {
  return path.replace(/^\/|\/$/g, "").split("/");
}

function decode(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new DownstreamError(`params.${name}: is not properly percent-encoded`, { status: 400 });
  }
}
