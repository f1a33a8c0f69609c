/**
 * The frame types that Grafana's data plane contract describes, and the version of each that is checked here.
 * https://grafana.com/developers/dataplane/contract-spec
 */
export const contractVersions = {
  "timeseries-wide": [0, 1],
  "timeseries-long": [0, 1],
  "timeseries-multi": [0, 1],
  "numeric-wide": [0, 1],
  "numeric-long": [0, 1],
  "numeric-multi": [0, 1],
  "log-lines": [0, 0],
} as const;

/** A frame type that Grafana's data plane contract describes. */
export type ContractType = keyof typeof contractVersions;

/** Whether the contract describes a frame type. */
export function isContractType(type: string | undefined): type is ContractType {
  return type !== undefined && Object.hasOwn(contractVersions, type);
}
