import { z } from "zod";

/** One query: which file, and how it is read. */
export const Query = z.object({
  /** Path of the file below the folder of the data source. */
  file: z.string().min(1),
  /** What separates the cells. */
  delimiter: z.enum([",", ";", "\t", "|"]).default(","),
  /** The columns wanted, in this order. All of them unless given. */
  columns: z.array(z.string()).min(1).optional(),
  /** Types of columns that are not to be found by looking at the cells. */
  types: z.record(z.string(), z.enum(["time", "float64", "int64", "string", "boolean"])).default({}),
  /** The column that the dashboard's time range applies to. The first one of type time unless given. */
  timeColumn: z.string().optional(),
});

/** A query that fits {@link Query}, defaults filled in. */
export type Query = z.infer<typeof Query>;
