/** Why a session could not be started; the message says what is wrong and what to do. */
export type SessionErrorCode =
  | 'bad_floor'
  | 'floor_too_weak'
  | 'no_bubblewrap'
  | 'no_gate'
  | 'no_landlock'
  | 'launch_failed'
  | 'journal'
  | 'policy'
  | 'no_cwd'
  | 'desktop'
  | 'no_layer'
  | 'platform';

export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code: SessionErrorCode;
  constructor(code: SessionErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  static nestedMounts(): SessionError {
    return new SessionError(
      'floor_too_weak',
      "the policy's floor lets sandboxes make mounts, which needs --isolation namespace; set nesting to userns or none",
    );
  }

  static noLandlock(): SessionError {
    return new SessionError(
      'no_landlock',
      'this kernel gives no Landlock, so there is no floor and no session; chaperone doctor shows why and what to do',
    );
  }

  static noGate(file: string, why = 'it is missing'): SessionError {
    return new SessionError(
      'no_gate',
      `the gate program ${file} cannot be used: ${why}; build it with: sh runtime-plane/native/build.sh`,
    );
  }
}
