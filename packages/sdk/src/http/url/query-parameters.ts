type QueryValue = string | number | bigint | boolean;

/**
 * Parameters for the query part of a URL. A list gives its name once for each item; what is undefined is left out.
 */
export type QueryParameters =
  | URLSearchParams
  | Readonly<Record<string, QueryValue | readonly QueryValue[] | undefined>>;

/** Adds parameters to those that a URL has. */
export function addQuery(url: URL, query: QueryParameters): void {
  for (const [name, value] of query instanceof URLSearchParams ? query : Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) {
        url.searchParams.append(name, String(item));
      }
    }
  }
}
