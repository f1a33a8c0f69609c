import { Session } from "node:inspector";
import { setTimeout } from "node:timers/promises";

/**
 * Records a CPU profile of the process, as V8's inspector has it. To be called once at a time: Bun has one profiler a process.
 *
 * @param signal ends the recording early
 * @throws an AbortError where the signal does, or the inspector's error
 */
export async function recordCpu(seconds: number, signal: AbortSignal): Promise<object> {
  const session = new Session();
  session.connect();
  try {
    await post((done) => session.post("Profiler.enable", done));
    await post((done) => session.post("Profiler.start", done));
    let profile: object;
    try {
      await setTimeout(seconds * 1_000, undefined, { ref: false, signal });
    } finally {
      profile = await stop(session);
    }
    return profile;
  } finally {
    session.disconnect();
  }
}

function stop(session: Session): Promise<object> {
  return new Promise((resolve, reject) => {
    session.post("Profiler.stop", (error, result) => (error === null ? resolve(result.profile) : reject(error)));
  });
}

function post(call: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error === null ? resolve() : reject(error)));
  });
}
