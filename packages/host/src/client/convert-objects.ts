import { randomUUID } from "node:crypto";
import { ConversionRequest, type ConversionResponse } from "@framewright/protocol";
import { type PluginContextInput, toWireContext } from "./plugin-context.js";
import { type Refusal, refusal } from "./status-result.js";

/** An object in serialised form. */
export interface StoredObject {
  /** The object as JSON text. */
  readonly raw: Uint8Array;
  /** Media type of `raw`, such as `application/json`. */
  readonly contentType: string;
}

/** Objects that are to be converted to another API version. */
export interface ConversionCall {
  /** Where the call comes from. */
  readonly context: PluginContextInput;
  /** Names the call; the plugin repeats it. A new UUID unless given. */
  readonly uid?: string;
  /** The objects as they are stored. */
  readonly objects: readonly StoredObject[];
  /** The API version that they are wanted in. */
  readonly targetVersion: { readonly group: string; readonly version: string };
}

/** A plugin's answer. */
export interface ConversionResult {
  /** Names the call, as it did in the request. */
  readonly uid: string;
  /** Why nothing was converted; absent on success. */
  readonly refusal: Refusal | undefined;
  /** The converted objects in the order they were sent; none on failure. */
  readonly objects: readonly StoredObject[];
}

/** Writes the request message. */
export function toConversionRequest(call: ConversionCall): ConversionRequest {
  return ConversionRequest.fromPartial({
    pluginContext: toWireContext(call.context),
    uid: call.uid ?? randomUUID(),
    objects: call.objects.map(({ raw, contentType }) => ({ raw, contentType })),
    targetVersion: call.targetVersion,
  });
}

/** Reads the answer. */
export function fromConversionResponse({ uid, result, objects }: ConversionResponse): ConversionResult {
  return { uid, refusal: refusal(result), objects };
}
