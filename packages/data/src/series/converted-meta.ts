import type { FrameMeta } from "../frame-meta.js";

/**
 * The meta of a converted series, with its new type. What names fields by their place is dropped, since these are others now.
 */
export function convertedMeta(meta: FrameMeta | undefined, type: Pick<FrameMeta, "type" | "typeVersion">): FrameMeta {
  const { uniqueRowIdFields: _, ...kept } = meta ?? {};
  return { ...kept, ...type };
}
