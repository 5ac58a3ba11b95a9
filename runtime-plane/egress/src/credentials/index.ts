/** Credentials that a session may use without having them. */
export { CredentialIndex } from './match.ts';
