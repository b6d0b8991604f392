/**
 * What this package takes from the runtime. `imports` in package.json selects the implementation:
 * node.ts in Node, browser.ts anywhere else. Both must behave the same; platform.test.ts holds them to it.
 */
export interface SignatureScheme {
  /** Length of a public key, in bytes. */
  readonly publicKeySize: number;
  /** Length of a signature, in bytes. */
  readonly signatureSize: number;
  /** Returns the public key of a 32-byte seed. */
  publicKey(seed: Uint8Array): Uint8Array;
  /** Prepares a key once and returns a function that signs with it. */
  signer(seed: Uint8Array): (message: Uint8Array) => Uint8Array;
  /** Prepares a key once and returns a function that is true for its signatures and never throws. */
  verifier(publicKey: Uint8Array): (message: Uint8Array, signature: Uint8Array) => boolean;
}

export interface Platform {
  /** Returns the 32-byte SHA-256 of data. */
  readonly sha256: (data: Uint8Array) => Uint8Array;
  /** Ed25519 as in RFC 8032, without prehash. */
  readonly ed25519: SignatureScheme;
  /** ML-DSA-44 as in FIPS 204, pure, with an empty context; null where the runtime lacks it. */
  readonly mlDsa44: SignatureScheme | null;
}
