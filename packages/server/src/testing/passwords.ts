/** Passwords of the two first accounts in tests. */
export const PASSWORDS = { admin: 'correct horse', auditor: 'battery staple' } as const;
