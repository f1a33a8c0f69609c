/** By which a process that starts ahead is told what to do. */
export const warmEnv = {
  /** Absolute path of the backend's main module. */
  entry: "FRAMEWRIGHT_DEV_ENTRY",
  /** The socket at which the session says when. */
  socket: "FRAMEWRIGHT_DEV_SOCKET",
} as const;
