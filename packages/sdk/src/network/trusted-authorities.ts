import tls from "node:tls";

/**
 * The authorities to trust where a data source names none: those of the runtime (Mozilla's, and what `NODE_EXTRA_CA_CERTS`
 * adds) and those of the operating system, which is where a company's own are and where a Go plugin looks.
 *
 * @returns undefined where the runtime cannot say (Node before 22.15): it then trusts its own
 */
export function trustedAuthorities(): string[] | undefined {
  authorities ??= { value: readAuthorities() };
  return authorities.value;
}

let authorities: { readonly value: string[] | undefined } | undefined;

function readAuthorities(): string[] | undefined {
  // Newer than the types of the oldest Node supported.
  const get: unknown = Reflect.get(tls, "getCACertificates");
  if (typeof get !== "function") {
    return undefined;
  }
  const read = (type: string): string[] => {
    const list: unknown = get(type);
    return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
  };
  return [...new Set([...read("default"), ...read("system")])];
}
