import type { PluginContext } from "@framewright/protocol";
import type { CallContext, InstanceContext } from "../call-context.js";
import { readCallOrigin } from "../calls/call-origin.js";
import { inTime } from "../calls/in-time.js";
import { errorAnswer, loggableThrown, USER_FACING_DEFAULT_ERROR } from "../errors.js";
import { type LogFields, log } from "../log/logger.js";
import { activeInstances } from "../metrics/instance-metrics.js";
import type { RpcName } from "../middleware/middleware.js";
import { runInScope } from "../server/calls/work-scope.js";
import { createInstanceCache, DEFAULT_IDLE_MS, type Lease, type Opening } from "./instance-cache.js";
import type { InstanceTarget } from "./instance-target.js";

/** How instances are found and opened. */
export interface InstanceSource<Target extends InstanceTarget, Instance> {
  /**
   * What a call is for.
   *
   * @throws DownstreamError when the call does not say
   */
  target(pluginContext: PluginContext | undefined): Target;
  open(target: Target, opening: Opening): Promise<Instance>;
  /** How long an instance is kept that nobody uses, in ms; an hour unless given. */
  readonly idleMs: number | undefined;
}

/** A call for one data source or app, from its arrival to its answer. */
export interface InstanceCall<Instance> {
  /** The call, whose log names what it is for, and whose signal aborts in time to say so before the deadline. */
  readonly context: CallContext;
  /** Aborts when the host no longer waits. */
  readonly callSignal: AbortSignal;
  /** Names what the call is for; undefined when it does not say. */
  readonly targetId: string | undefined;
  readonly grafanaConfig: ReadonlyMap<string, string>;
  /** What a user reads in place of a message that is not for them. */
  readonly userFacingDefault: string;
  /**
   * What the handlers get, with the instance opened. The same each time.
   *
   * @throws what `open` threw, also when the settings do not fit
   */
  instanceContext(): Promise<InstanceContext<Instance>>;
  /** Runs a handler: what nobody catches in its work is its failure, and the instance is in use until it is done. */
  run<T>(log: CallContext["log"], work: () => T | Promise<T>): Promise<T>;
  /**
   * Logs a failure: what is the plugin's own fault as an error, what the outside did as a warning. What failed because the host
   * no longer wants it is no news.
   */
  logFailure(message: string, error: unknown, fields?: LogFields): void;
  /** Ends the use of the instance, once all handlers are done, and the watching of the time. */
  end(): void;
}

/** Calls for the instances of one definition. */
export interface InstanceCalls<Instance> {
  /**
   * @param endpoint the RPC that the call came by
   * @param readHeaders the HTTP headers that came with the call
   */
  begin(
    endpoint: RpcName,
    call: CallContext,
    pluginContext: PluginContext | undefined,
    readHeaders: () => Headers,
  ): InstanceCall<Instance>;
  /** Disposes all instances. */
  dispose(): Promise<void>;
}

/** Makes the place where calls get their instances from. */
export function createInstanceCalls<Target extends InstanceTarget, Instance>(
  source: InstanceSource<Target, Instance>,
): InstanceCalls<Instance> {
  const instances = createInstanceCache<Instance>({
    idleMs: source.idleMs ?? DEFAULT_IDLE_MS,
    onDisposeError: (error) => log.warn("an instance failed to close", { error: loggableThrown(error) }),
    onActive(change) {
      activeInstances.value += change;
    },
  });

  function begin(
    endpoint: RpcName,
    call: CallContext,
    pluginContext: PluginContext | undefined,
    readHeaders: () => Headers,
  ): InstanceCall<Instance> {
    const target = findTarget(pluginContext);
    const grafanaConfig = pluginContext?.grafanaConfig ?? new Map<string, string>();
    const named = "error" in target ? call : { ...call, log: call.log.with(target.found.logFields) };
    const timed = inTime(named);
    const { context } = timed;
    let acquired: Promise<InstanceContext<Instance>> | undefined;
    let lease: Lease<Instance> | undefined;
    let running = 0;
    let ended = false;

    async function acquire(): Promise<InstanceContext<Instance>> {
      if ("error" in target) {
        throw target.error;
      }
      const { found } = target;
      const key = { id: found.id, updated: found.updated, grafanaConfig };
      lease = await instances.acquire(key, (opening) => source.open(found, opening), context.signal);
      releaseWhenDone();
      const headers = readHeaders();
      return {
        ...context,
        instance: lease.instance,
        user: found.pluginContext.user,
        orgId: Number(found.pluginContext.orgId),
        namespace: found.pluginContext.namespace,
        headers,
        endpoint,
        origin: readCallOrigin(headers),
        pluginContext: found.pluginContext,
      };
    }

    function releaseWhenDone(): void {
      if (ended && running === 0) {
        lease?.release();
      }
    }

    return {
      context,
      callSignal: call.signal,
      targetId: "error" in target ? undefined : target.found.id,
      grafanaConfig,
      userFacingDefault: grafanaConfig.get("GF_USER_FACING_DEFAULT_ERROR") || USER_FACING_DEFAULT_ERROR,
      instanceContext() {
        acquired ??= acquire();
        return acquired;
      },
      run(log, work) {
        return runInScope({ log, signal: call.signal }, async () => {
          running++;
          try {
            return await work();
          } finally {
            running--;
            releaseWhenDone();
          }
        });
      },
      logFailure(message, error, fields = {}) {
        const { status, source } = errorAnswer(error);
        const level = call.signal.aborted ? "debug" : source === "plugin" ? "error" : "warn";
        context.log[level](message, { ...fields, status, errorSource: source, error: loggableThrown(error) });
      },
      end() {
        ended = true;
        releaseWhenDone();
        timed.stop();
      },
    };
  }

  function findTarget(pluginContext: PluginContext | undefined): { found: Target } | { error: unknown } {
    try {
      return { found: source.target(pluginContext) };
    } catch (error) {
      return { error };
    }
  }

  return { begin, dispose: () => instances.dispose() };
}
