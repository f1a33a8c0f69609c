import {
  type AdmissionRequest,
  type ConversionRequest,
  ConversionResponse,
  MutationResponse,
  RawObject,
  StatusResult,
  ValidationResponse,
} from "@framewright/sdk/messages";

const JSON_TYPE = "application/json";
const success = StatusResult.fromPartial({ status: "Success", code: 200 });

/** Refuses an object that says `"deny": true`. */
export async function validateAdmission({ objectBytes }: AdmissionRequest): Promise<ValidationResponse> {
  const denied = readObject(objectBytes)["deny"] === true;
  const failure = { status: "Failure", message: "the object asks to be denied", reason: "Forbidden", code: 403 };
  return ValidationResponse.fromPartial({ allowed: !denied, result: denied ? failure : success });
}

/** Adds `"mutated": true`. */
export async function mutateAdmission({ objectBytes }: AdmissionRequest): Promise<MutationResponse> {
  const mutated = { ...readObject(objectBytes), mutated: true };
  return MutationResponse.fromPartial({ allowed: true, result: success, objectBytes: writeObject(mutated) });
}

/** Gives every object the version that is asked for. */
export async function convertObjects({ uid, objects, targetVersion }: ConversionRequest): Promise<ConversionResponse> {
  const apiVersion = [targetVersion?.group, targetVersion?.version].filter(Boolean).join("/");
  return ConversionResponse.fromPartial({
    uid,
    result: success,
    objects: objects.map(({ raw }) =>
      RawObject.fromPartial({ raw: writeObject({ ...readObject(raw), apiVersion }), contentType: JSON_TYPE }),
    ),
  });
}

function readObject(bytes: Uint8Array): Record<string, unknown> {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString());
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("the object is not a JSON object");
  }
  return { ...value };
}

function writeObject(value: Record<string, unknown>): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
