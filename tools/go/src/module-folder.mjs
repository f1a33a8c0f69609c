// @ts-check
import { fileURLToPath } from "node:url";

/** The folder of the Go module, absolute. */
export const moduleFolder = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
