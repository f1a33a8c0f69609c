import { isAbsolute } from "node:path";
import { z } from "zod";

/** What is saved with the data source. */
export const Settings = z.object({
  /** Absolute path of the folder, on the machine that Grafana runs on, whose files may be read. */
  folder: z.string().refine(isAbsolute, "must be an absolute path"),
});
