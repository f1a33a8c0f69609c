/**
 * Connections to a data source's server, for protocols other than HTTP.
 *
 * @module
 */
export { connectionError, type FailedConnection } from "./connection-error.js";
export { createDial, type Destination, type Dial } from "./create-dial.js";
export type { Credentials, DialConfig, SecureSocksSettings } from "./secure-socks-settings.js";
export { startTls } from "./start-tls.js";
export { checkTlsMaterial, type TlsMaterial, type TlsPems } from "./tls-material.js";
export { trustedAuthorities } from "./trusted-authorities.js";
