import type { RequirementGroup } from "../requirement.js";
import { autoMtls } from "./auto-mtls.js";
import { calls } from "./calls.js";
import { end } from "./end.js";
import { handshake } from "./handshake.js";
import { output } from "./output.js";
import { queries } from "./queries.js";
import { resources } from "./resources.js";
import { services } from "./services.js";
import { socket } from "./socket.js";

/** All that is checked, in the order in which it is. The output comes last: it is that of everything before. */
export const requirementGroups: readonly RequirementGroup[] = [
  handshake,
  socket,
  autoMtls,
  services,
  queries,
  resources,
  calls,
  end,
  output,
];
