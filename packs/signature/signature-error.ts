export type SignatureErrorCode = 'InvalidKey' | 'WrongPassword' | 'InvalidSignature' | 'NotSigned';

/** A key that cannot be read, or a signature that does not hold. The message never holds a part of a private key. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';
  readonly code: SignatureErrorCode;

  constructor(code: SignatureErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
