/** The profiles that there are, for whoever shows or tests them: nothing here starts a session. */
export { loadPolicyFiles } from './decide/load-policy.ts';
export { findProfile, listProfiles, type Profile, type ProfileHomes } from './decide/profile.ts';
export { ProfileError } from './decide/profile-error.ts';
export { profileHomes, sessionData } from './session-profile.ts';
