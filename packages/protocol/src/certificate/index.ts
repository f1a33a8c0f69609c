/**
 * Certificates for AutoMTLS. An entry point of its own: a process that is not asked for AutoMTLS loads none of it, and
 * with a dynamic import none of it costs anything at start.
 *
 * @module
 */
export { decodeServerCert, encodeServerCert } from "./certificate-field.js";
export { type Certificate, createCertificate } from "./create-certificate.js";
