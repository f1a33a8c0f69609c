import {
  AdmissionRequest,
  AdmissionRequest_Operation,
  type MutationResponse,
  type ValidationResponse,
} from "@framewright/protocol";
import { type PluginContextInput, toWireContext } from "./plugin-context.js";
import { type Refusal, refusal } from "./status-result.js";

/** What is about to happen to a stored object. */
export interface AdmissionCall {
  /** Where the call comes from. */
  readonly context: PluginContextInput;
  /** What is to be done with the object. */
  readonly operation: "create" | "update" | "delete";
  /** What kind of object it is. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  /** The object to be stored, usually JSON text. Nothing unless given. */
  readonly object?: Uint8Array;
  /** The object as it is stored now. Nothing unless given. */
  readonly oldObject?: Uint8Array;
}

/** A plugin's verdict. */
export interface AdmissionResult {
  /** Whether it may be done. */
  readonly allowed: boolean;
  /** Why the object was refused; absent when it was not, or the plugin did not say. */
  readonly refusal: Refusal | undefined;
  /** Advice for whoever stores the object. */
  readonly warnings: readonly string[];
}

/** A plugin's verdict, and the object as it is to be stored. */
export interface MutationResult extends AdmissionResult {
  /** The object to store instead; absent when the plugin sent none. */
  readonly object: Uint8Array | undefined;
}

const OPERATIONS = {
  create: AdmissionRequest_Operation.CREATE,
  update: AdmissionRequest_Operation.UPDATE,
  delete: AdmissionRequest_Operation.DELETE,
};

/** Writes the request message. */
export function toAdmissionRequest(call: AdmissionCall): AdmissionRequest {
  return AdmissionRequest.fromPartial({
    pluginContext: toWireContext(call.context),
    operation: OPERATIONS[call.operation],
    kind: call.kind,
    objectBytes: call.object ?? new Uint8Array(0),
    oldObjectBytes: call.oldObject ?? new Uint8Array(0),
  });
}

/** Reads the answer. */
export function fromValidationResponse({ allowed, result, warnings }: ValidationResponse): AdmissionResult {
  return { allowed, refusal: allowed ? undefined : refusal(result), warnings };
}

/** Reads the answer. */
export function fromMutationResponse(response: MutationResponse): MutationResult {
  const { objectBytes } = response;
  return { ...fromValidationResponse(response), object: objectBytes.length === 0 ? undefined : objectBytes };
}
