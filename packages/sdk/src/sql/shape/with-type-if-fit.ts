import { type ContractType, type Frame, FrameError, frame, withFrameType } from "@framewright/data";

/**
 * The frame with a type of Grafana's data plane contract, if it keeps to that: Grafana need not guess then. Else it has none,
 * also if it had one.
 */
export function withTypeIfFit(type: ContractType, { name, refId, meta, fields }: Frame): Frame {
  const { type: _type, typeVersion: _version, ...others } = meta ?? {};
  const plain = frame(name, fields, { refId, meta: others });
  try {
    return withFrameType(type, [plain])[0] ?? plain;
  } catch (error) {
    if (error instanceof FrameError) {
      return plain;
    }
    throw error;
  }
}
