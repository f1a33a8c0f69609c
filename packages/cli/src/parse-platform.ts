import { type Platform, platformName, platforms } from "@framewright/host";
import { usageFailure } from "./failure.js";

/**
 * Reads a platform as `platformName` writes it, such as `linux-amd64`.
 *
 * @throws Failure (usage) naming the known platforms.
 */
export function parsePlatform(text: string): Platform {
  const found = platforms.find((platform) => platformName(platform) === text);
  if (found === undefined) {
    throw usageFailure(`unknown target ${JSON.stringify(text)}: use one of ${platforms.map(platformName).join(", ")}`);
  }
  return found;
}
