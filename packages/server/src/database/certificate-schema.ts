import type { Generated } from 'kysely';

/** The tables of certificate management. Times are RFC 3339 UTC text; flags are 0 or 1. */
export interface CertificateSchema {
  authorities: {
    id: string;
    name: string;
    /** The authority that signed its certificate; null: itself. */
    parent: string | null;
    subject: string;
    /** PEM. */
    certificate: string;
    key_algorithm: string;
    /** PKCS#8, sealed by the vault; null where the key is in a token. */
    private_key: string | null;
    /** JSON: module, slot and label of a key in a PKCS#11 token. */
    token: string | null;
    /** 0: issues nothing new; revocation lists and OCSP go on. */
    enabled: number;
    /** JSON: how often lists are made, where they are published. */
    settings: string;
    /** Number of the last list, full or delta. */
    crl_number: number;
    /** Since when the lists are behind what is revoked; null: they are not. */
    crl_due_at: string | null;
    /** JSON: certificate and sealed key of the OCSP responder. */
    ocsp_signer: string | null;
    created_at: string;
  };
  crls: {
    authority: string;
    number: number;
    /** The full list a delta list completes; null: a full list. */
    base_number: number | null;
    this_update: string;
    next_update: string;
    entries: number;
    /** SHA-256 of the list, hex. */
    fingerprint: string;
    /** Base64. */
    der: string;
  };
  templates: {
    name: string;
    display_name: string;
    description: string;
    enabled: number;
    /** JSON: what certificates by this template are like, and who gets them how. */
    policy: string;
    created_at: string;
    updated_at: string;
  };
  certificate_requests: {
    id: Generated<number>;
    kind: 'csr' | 'pfx' | 'renewal';
    state: 'pending' | 'issued' | 'denied';
    template: string;
    authority: string;
    subject: string;
    /** JSON: CSR, names, key algorithm, metadata, as the template has made them. */
    details: string;
    /** Sealed: the key of a PFX enrollment that waits. */
    private_key: string | null;
    /** The certificate that this one is to replace. */
    renews: number | null;
    requester: string;
    submitted_at: string;
    decided_at: string | null;
    decided_by: string | null;
    comment: string | null;
    certificate: number | null;
  };
  certificates: {
    id: Generated<number>;
    /** SHA-256 of the certificate, lower case hex. */
    fingerprint: string;
    /** SHA-1 of the certificate, lower case hex. */
    thumbprint: string;
    /** Lower case hex without leading zeros. */
    serial: string;
    /** RFC 4514. */
    subject: string;
    /** The subject, folded: what searches compare. */
    subject_folded: string;
    /** Folded; empty where the subject has none. */
    common_name: string;
    issuer: string;
    /** Ours, where one of ours issued it. */
    authority: string | null;
    not_before: string;
    not_after: string;
    key_type: string;
    key_size: number;
    signature_algorithm: string;
    /** SHA-256 of the SubjectPublicKeyInfo, hex. */
    public_key: string;
    template: string | null;
    /** User name; `$System$` for those made by the product. */
    requester: string;
    request: number | null;
    /** Issued here, or brought in. */
    origin: 'issued' | 'imported';
    state: 'active' | 'held' | 'revoked';
    revoked_at: string | null;
    /** RFC 5280 section 5.3.1. */
    revocation_reason: number | null;
    revocation_comment: string | null;
    has_private_key: number;
    owner_role: string | null;
    /** The certificate that this one replaces. */
    renews: number | null;
    created_at: string;
  };
  certificate_contents: {
    certificate: number;
    /** Base64. */
    der: string;
    /** PKCS#8, sealed by the vault. */
    private_key: string | null;
    key_retained_until: string | null;
  };
  certificate_sans: {
    certificate: number;
    position: number;
    type: 'dns' | 'ip' | 'email' | 'uri' | 'upn';
    /** As it stands in the certificate. */
    value: string;
    /** The same, folded: what searches compare. */
    folded: string;
  };
  /** What is, or was, on an authority's revocation lists; stays when the certificate's own row is deleted. */
  revoked_certificates: {
    authority: string;
    serial: string;
    reason: number;
    revoked_at: string;
    /** Invalidity date, where it is another. */
    invalid_since: string | null;
    not_after: string;
    /** When a hold was lifted: a delta list says so once. */
    released_at: string | null;
    changed_at: string;
  };
  metadata_fields: {
    name: string;
    /** JSON: type, options, validation, default. */
    definition: string;
    position: number;
    created_at: string;
  };
  certificate_metadata: {
    certificate: number;
    field: string;
    value: string;
    /** The value, folded: what searches compare. */
    folded: string;
  };
  /** Requests made here for a certificate from elsewhere; the key waits for it. */
  signing_requests: {
    id: Generated<number>;
    subject: string;
    key_algorithm: string;
    template: string | null;
    /** PEM. */
    csr: string;
    /** SHA-256 of the SubjectPublicKeyInfo, hex: by it the certificate is known when it comes. */
    public_key: string;
    /** PKCS#8, sealed by the vault. */
    private_key: string;
    created_at: string;
    created_by: string;
  };
  collections: {
    id: Generated<number>;
    name: string;
    description: string;
    query: string;
    on_dashboard: number;
    created_at: string;
    updated_at: string;
  };
}
