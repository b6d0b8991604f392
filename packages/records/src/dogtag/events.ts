/**
 * The layout of every event Dogtag's audit log has known, current and historic, 9.0 to 11.10, from
 * `audit-events.properties` and the code that fills it (`testdata/dogtag/events.json` has the whole
 * story of each). The reader cuts lines by it, see `layout.ts`.
 *
 * One event a paragraph: its name, `-> ` the name it has today where that is another one, `= ` what
 * stands after `AuditEvent=` in the line where that is not the name. Below it one line a variant: the
 * outcome it stands for (`+` success, `-` failure, `*` either), its fields in order (`?`: may be
 * absent), `|` the text the line ends in.
 */
export const EVENT_LAYOUTS = `
ACCESS_SESSION_ESTABLISH
  - ClientIP ServerIP SubjectID CertSerialNum IssuerDN Outcome Info | access session establish failure
  + ClientIP ServerIP SubjectID CertSerialNum IssuerDN Outcome | access session establish success
ACCESS_SESSION_TERMINATED
  * ClientIP ServerIP SubjectID CertSerialNum IssuerDN Outcome Info | access session terminated
AUDIT_LOG_SIGNING
  * SubjectID Outcome | signature of audit buffer just flushed: sig: {2}
AUDIT_LOG_STARTUP
  * SubjectID Outcome | audit function startup
AUTH
  - SubjectID Outcome AuthMgr AttemptedCred | authentication failure
  + SubjectID Outcome AuthMgr | authentication success
AUTHZ
  - SubjectID Outcome aclResource Op | authorization failure
  - SubjectID Outcome aclResource Op Info | authorization failure
  + SubjectID Outcome aclResource Op | authorization success
  + SubjectID Outcome aclResource Op Info | authorization success
CERT_PROFILE_APPROVAL
  * SubjectID Outcome ProfileID Op | certificate profile approval
CERT_REQUEST_PROCESSED
  + SubjectID Outcome ReqID InfoName InfoValue | certificate request processed
  + SubjectID Outcome ReqID CertSerialNum | certificate request processed
  - SubjectID Outcome ReqID InfoName InfoValue | certificate request processed
CERT_SIGNING_INFO
  + SubjectID Outcome SKI AuthorityID? | certificate signing info
CERT_STATUS_CHANGE_REQUEST
  * SubjectID Outcome ReqID CertSerialNum RequestType | certificate revocation/unrevocation request made
CERT_STATUS_CHANGE_REQUEST_PROCESSED
  * SubjectID Outcome ReqID CertSerialNum RequestType RevokeReasonNum Approval | certificate status change request processed
  * SubjectID Outcome ReqID CertSerialNum RequestType RevokeReasonNum Approval Info | certificate status change request processed
CLIENT_ACCESS_SESSION_ESTABLISH
  - ClientHost ServerHost ServerPort SubjectID CertSerialNum? IssuerDN? Outcome Info | access session failed to establish when Certificate System acts as client
  + ClientHost ServerHost ServerPort SubjectID CertSerialNum? IssuerDN? Outcome | access session establish successfully when Certificate System acts as client
CLIENT_ACCESS_SESSION_TERMINATED
  * ClientHost ServerHost ServerPort SubjectID CertSerialNum? IssuerDN? Outcome Info | access session terminated when Certificate System acts as client
CMC_REQUEST_RECEIVED
  * SubjectID Outcome CMCRequest | CMC request received
CMC_RESPONSE_SENT
  * SubjectID Outcome CMCResponse | CMC response sent
CMC_SIGNED_REQUEST_SIG_VERIFY
  * SubjectID Outcome ReqType CertSubject SignerInfo | agent signed CMC request signature verification
CMC_USER_SIGNED_REQUEST_SIG_VERIFY
  - SubjectID Outcome ReqType CertSubject CMCSignerInfo info | User signed CMC request signature verification failure
  + SubjectID Outcome ReqType CertSubject SignerInfo | User signed CMC request signature verification success
CONFIG_ACL
  * SubjectID Outcome ParamNameValPairs | ACL configuration parameter(s) change
CONFIG_AUTH
  * SubjectID Outcome ParamNameValPairs | authentication configuration parameter(s) change
CONFIG_CERT_PROFILE
  * SubjectID Outcome ParamNameValPairs | certificate profile configuration parameter(s) change
CONFIG_CRL_PROFILE
  * SubjectID Outcome ParamNameValPairs | CRL profile configuration parameter(s) change
CONFIG_DRM
  * SubjectID Outcome ParamNameValPairs | DRM configuration parameter(s) change
CONFIG_OCSP_PROFILE
  * SubjectID Outcome ParamNameValPairs | OCSP profile configuration parameter(s) change
CONFIG_ROLE
  * SubjectID Outcome ParamNameValPairs | role configuration parameter(s) change
CONFIG_SERIAL_NUMBER
  * SubjectID Outcome ParamNameValPairs | serial number range update
CONFIG_SIGNED_AUDIT
  * SubjectID Outcome ParamNameValPairs | signed audit configuration parameter(s) change
CONFIG_TRUSTED_PUBLIC_KEY
  * SubjectID Outcome ParamNameValPairs | certificate database configuration
CRL_SIGNING_INFO
  + SubjectID Outcome SKI AuthorityID? | CRL signing info
DELTA_CRL_GENERATION
  + SubjectID Outcome CRLnum | Delta CRL generation
  + SubjectID Outcome Info | Delta CRL generation
  - SubjectID Outcome FailureReason | Delta CRL generation
FULL_CRL_GENERATION
  + SubjectID Outcome CRLnum | Full CRL generation
  + SubjectID Outcome Info | Full CRL generation
  - SubjectID Outcome FailureReason | Full CRL generation
PROFILE_CERT_REQUEST
  * SubjectID Outcome ReqID ProfileID CertSubject | certificate request made with certificate profiles
PROOF_OF_POSSESSION
  * SubjectID Outcome Info | proof of possession
OCSP_ADD_CA_REQUEST_PROCESSED
  + SubjectID Outcome CASubjectDN | Add CA for OCSP Responder
  - SubjectID Outcome CASubjectDN | Add CA for OCSP Responder
OCSP_GENERATION
  + SubjectID Outcome | OCSP response generation
  - SubjectID Outcome FailureReason | OCSP response generation
OCSP_REMOVE_CA_REQUEST_PROCESSED
  - SubjectID Outcome CASubjectDN | Remove CA for OCSP Responder has failed
  + SubjectID Outcome CASubjectDN | Remove CA for OCSP Responder is successful
OCSP_SIGNING_INFO
  + SubjectID Outcome SKI AuthorityID? | OCSP signing info
ROLE_ASSUME
  + SubjectID Outcome Role | assume privileged role
  - SubjectID Outcome Role | assume privileged role
SECURITY_DOMAIN_UPDATE
  * SubjectID Outcome ParamNameValPairs | security domain update
SELFTESTS_EXECUTION
  * SubjectID Outcome | self tests execution (see selftests.log for details)
SERVER_SIDE_KEYGEN_ENROLL_KEYGEN_REQUEST
  * SubjectID Outcome RequestID ClientKeyID | Server-Side Keygen enrollment keygen request made
SERVER_SIDE_KEYGEN_ENROLL_KEYGEN_REQUEST_PROCESSED
  * SubjectID Outcome RequestID ClientID FailureReason | Server-Side Keygen enrollment keygen request processed
SERVER_SIDE_KEYGEN_ENROLL_KEY_RETRIEVAL_REQUEST = SERVER_SIDE_KEYGEN_ENROLL_KEYGEN_REQUEST
  * SubjectID Outcome RequestID ClientID | Server-Side Keygen enrollment retrieval request made
SERVER_SIDE_KEYGEN_ENROLL_KEY_RETRIEVAL_REQUEST_PROCESSED = SERVER_SIDE_KEYGEN_ENROLL_RETRIEVAL_REQUEST_PROCESSED
  * SubjectID Outcome RequestID ClientID FailureReason | Server-Side Keygen enrollment retrieval request processed
ASYMKEY_GENERATION_REQUEST
  * SubjectID Outcome GenerationRequestID ClientKeyID | Asymkey generation request made
ASYMKEY_GENERATION_REQUEST_PROCESSED
  * SubjectID Outcome GenerationRequestID ClientKeyID KeyID FailureReason | Asymkey generation request processed
AUTHORITY_CONFIG
  * SubjectID Outcome ParamNameValPairs | lightweight authority configuration change
CONFIG_ENCRYPTION
  * SubjectID Outcome ParamNameValPairs | encryption configuration parameter(s) change
CONFIG_TOKEN_AUTHENTICATOR
  * SubjectID Outcome OP Authenticator ParamNameValPairs Info | token authenticator configuration parameter(s) change
CONFIG_TOKEN_CONNECTOR
  * SubjectID Outcome Service Connector ParamNameValPairs Info | token connector configuration parameter(s) change
CONFIG_TOKEN_MAPPING_RESOLVER
  * SubjectID Outcome Service MappingResolverID ParamNameValPairs Info | token mapping resolver configuration parameter(s) change
CONFIG_TOKEN_RECORD
  * SubjectID Outcome OP TokenID ParamNameValPairs Info | token record configuration parameter(s) change
KEY_GEN_ASYMMETRIC
  * SubjectID Outcome PubKey | asymmetric key generation
LOG_PATH_CHANGE
  * SubjectID Outcome LogType toLogFile | log path change attempt
RANDOM_GENERATION
  + SubjectID Outcome Info | Random number generation
  - SubjectID Outcome Info FailureReason | Random number generation
SCHEDULE_CRL_GENERATION
  + SubjectID Outcome | schedule for CRL generation
  - SubjectID Outcome FailureReason | schedule for CRL generation
SECURITY_DATA_ARCHIVAL_REQUEST
  + SubjectID Outcome ArchivalRequestID RequestId ClientKeyID | security data archival request made
  - SubjectID Outcome ArchivalRequestID RequestId ClientKeyID FailureReason | security data archival request made
SECURITY_DATA_ARCHIVAL_REQUEST_PROCESSED
  + SubjectID Outcome ArchivalRequestID RequestId ClientKeyID KeyID PubKey | security data archival request processed
  - SubjectID Outcome ArchivalRequestID RequestId ClientKeyID KeyID FailureReason PubKey | security data archival request processed
SECURITY_DATA_RECOVERY_REQUEST
  * SubjectID Outcome RecoveryID DataID PubKey | security data recovery request made
SECURITY_DATA_RECOVERY_REQUEST_PROCESSED
  * SubjectID Outcome RecoveryID KeyID FailureReason RecoveryAgents | security data recovery request processed
SECURITY_DATA_RECOVERY_REQUEST_STATE_CHANGE
  * SubjectID Outcome RecoveryID Operation | security data recovery request state change
SERVER_SIDE_KEYGEN_REQUEST
  * SubjectID Outcome EntityID RequestID | server-side key generation request
SERVER_SIDE_KEYGEN_REQUEST_PROCESSED
  * SubjectID Outcome EntityID RequestID PubKey | server-side key generation request processed
SYMKEY_GENERATION_REQUEST
  * SubjectID Outcome GenerationRequestID ClientKeyID | symkey generation request made
SYMKEY_GENERATION_REQUEST_PROCESSED
  * SubjectID Outcome GenerationRequestID ClientKeyID KeyID FailureReason | symkey generation request processed
TOKEN_APPLET_UPGRADE
  - IP SubjectID CUID MSN Outcome KeyVersion oldAppletVersion newAppletVersion Info | token applet upgrade failure
  + IP SubjectID CUID MSN Outcome KeyVersion oldAppletVersion newAppletVersion Info | token applet upgrade success
TOKEN_KEY_CHANGEOVER
  - IP SubjectID CUID MSN Outcome tokenType AppletVersion oldKeyVersion newKeyVersion Info | token key changeover failure
  + IP SubjectID CUID MSN Outcome tokenType AppletVersion oldKeyVersion newKeyVersion Info | token key changeover success
TOKEN_KEY_CHANGEOVER_REQUIRED
  * IP SubjectID CUID MSN Outcome tokenType AppletVersion oldKeyVersion newKeyVersion Info | token key changeover required
TOKEN_KEY_SANITY_CHECK
  + IP SubjectID CUID KDD Outcome TokenKeyVersion NewKeyVersion TokenDBKeyVersion Info | token key sanity check success
  - IP SubjectID CUID KDD Outcome TokenKeyVersion NewKeyVersion TokenDBKeyVersion Info | token key sanity check failure
AUDIT_LOG_DELETE
  * SubjectID Outcome LogFile | signedAudit log deletion
AUDIT_LOG_SHUTDOWN
  * SubjectID Outcome | audit function shutdown
CIMC_CERT_VERIFICATION
  * SubjectID Outcome CertNickName | CS certificate verification
CMC_ID_POP_LINK_WITNESS
  * SubjectID Outcome Info | Identification Proof of Possession linking witness verification
CMC_PROOF_OF_IDENTIFICATION
  * SubjectID Outcome Info | proof of identification in CMC request
COMPUTE_RANDOM_DATA_REQUEST
  * Outcome AgentID | TKS Compute random data request
COMPUTE_RANDOM_DATA_REQUEST_PROCESSED = COMPUTE_RANDOM_DATA_REQUEST_PROCCESED COMPUTE_RANDOM_DATA_REQUEST_PROCESSED
  - Outcome Status AgentID Error | TKS Compute random data request failed
  + Outcome Status AgentID | TKS Compute random data request processed successfully
COMPUTE_SESSION_KEY_REQUEST
  * CUID_encoded KDD_encoded Outcome AgentID | TKS Compute session key request
COMPUTE_SESSION_KEY_REQUEST_PROCESSED
  - CUID_decoded KDD_decoded Outcome status AgentID IsCryptoValidate IsServerSideKeygen SelectedToken KeyNickName TKSKeyset KeyInfo_KeyVersion NistSP800_108KdfOnKeyVersion NistSP800_108KdfUseCuidAsKdd Error | TKS Compute session key request failed
  + CUID_decoded KDD_decoded Outcome status AgentID IsCryptoValidate IsServerSideKeygen SelectedToken KeyNickName TKSKeyset KeyInfo_KeyVersion NistSP800_108KdfOnKeyVersion NistSP800_108KdfUseCuidAsKdd | TKS Compute session key request processed successfully
CONFIG_CERT_POLICY
  * SubjectID Outcome ParamNameValPairs | certificate policy constraint or extension configuration parameter(s) change
CONFIG_TOKEN_GENERAL
  * SubjectID Outcome Service ParamNameValPairs Info | TPS token configuration parameter(s) change
CONFIG_TOKEN_PROFILE
  * SubjectID Outcome Service ProfileID ParamNameValPairs Info | token profile configuration parameter(s) change
CRL_RETRIEVAL
  * SubjectID Outcome CRLnum | CRL retrieval
CRL_VALIDATION
  * SubjectID Outcome | CRL validation
DELTA_CRL_PUBLISHING
  + SubjectID Outcome CRLnum | Delta CRL publishing
  - SubjectID Outcome CRLnum FailureReason | Delta CRL publishing
DIVERSIFY_KEY_REQUEST
  * CUID_encoded KDD_encoded Outcome AgentID oldMasterKeyName newMasterKeyName | TKS Key Change Over request
DIVERSIFY_KEY_REQUEST_PROCESSED
  - CUID_decoded KDD_decoded Outcome status AgentID oldMasterKeyName newMasterKeyName TKSKeyset OldKeyInfo_KeyVersion NewKeyInfo_KeyVersion NistSP800_108KdfOnKeyVersion NistSP800_108KdfUseCuidAsKdd Error | TKS Key Change Over request failed
  + CUID_decoded KDD_decoded Outcome status AgentID oldMasterKeyName newMasterKeyName TKSKeyset OldKeyInfo_KeyVersion NewKeyInfo_KeyVersion NistSP800_108KdfOnKeyVersion NistSP800_108KdfUseCuidAsKdd | TKS Key Change Over request processed successfully
ENCRYPT_DATA_REQUEST
  * CUID_encoded KDD_encoded status AgentID isRandom | TKS encrypt data request
ENCRYPT_DATA_REQUEST_PROCESSED
  - CUID_decoded KDD_decoded Outcome status AgentID isRandom SelectedToken KeyNickName TKSKeyset KeyInfo_KeyVersion NistSP800_108KdfOnKeyVersion NistSP800_108KdfUseCuidAsKdd Error | TKS encrypt data request failed
  + CUID_decoded KDD_decoded Outcome status AgentID isRandom SelectedToken KeyNickName TKSKeyset KeyInfo_KeyVersion NistSP800_108KdfOnKeyVersion NistSP800_108KdfUseCuidAsKdd | TKS encrypt data request processed successfully
FULL_CRL_PUBLISHING
  + SubjectID Outcome CRLnum | Full CRL publishing
  - SubjectID Outcome CRLnum FailureReason | Full CRL publishing
INTER_BOUNDARY
  + SubjectID Outcome ProtectionMethod ReqType ReqID | inter-CS boundary communication (data exchange) success
KEY_RECOVERY_AGENT_LOGIN
  * SubjectID Outcome RecoveryID RecoveryAgent | key recovery agent login
KEY_RECOVERY_REQUEST
  * SubjectID Outcome RecoveryID PubKey | key recovery request made
KEY_STATUS_CHANGE
  * SubjectID Outcome KeyID OldStatus NewStatus Info | Key Status Change
NON_PROFILE_CERT_REQUEST
  * SubjectID Outcome ReqID ServiceID CertSubject | certificate request made without certificate profiles
OCSP_ADD_CA_REQUEST
  + SubjectID Outcome CA | request to add a CA for OCSP Responder
  - SubjectID Outcome | request to add a CA for OCSP Responder
OCSP_REMOVE_CA_REQUEST
  + SubjectID Outcome CASubjectDN | request to remove a CA from OCSP Responder
  - SubjectID Outcome | request to remove a CA from OCSP Responder
SECURITY_DATA_EXPORT_KEY
  * SubjectID Outcome RecoveryID KeyID Info PubKey | security data retrieval request
SECURITY_DATA_INFO
  * SubjectID Outcome KeyID ClientKeyId Info PubKey | security data info request
TOKEN_AUTH
  - IP SubjectID CUID MSN Outcome OP tokenType AppletVersion AuthMgr | token authentication failure
  + IP SubjectID CUID MSN Outcome OP tokenType AppletVersion AuthMgr | token authentication success
TOKEN_CERT_ENROLLMENT
  * IP SubjectID CUID Outcome tokenType KeyVersion Serial CA_ID Info | token certificate enrollment request made
TOKEN_CERT_RENEWAL
  * IP SubjectID CUID Outcome tokenType KeyVersion Serial CA_ID Info | token certificate renewal request made
TOKEN_CERT_RETRIEVAL
  * IP SubjectID CUID Outcome tokenType KeyVersion Serial CA_ID Info | token certificate retrieval request made
TOKEN_CERT_STATUS_CHANGE_REQUEST
  * IP SubjectID CUID Outcome tokenType CertSerialNum RequestType RevokeReasonNum CA_ID Info | token certificate revocation/unrevocation request made
TOKEN_FORMAT
  - IP SubjectID CUID MSN Outcome tokenType AppletVersion Info | token op format failure
  + IP SubjectID CUID MSN Outcome tokenType AppletVersion KeyVersion | token op format success
TOKEN_KEY_RECOVERY
  * IP SubjectID CUID Outcome tokenType KeyVersion Serial CA_ID KRA_ID Info | token certificate/key recovery request made
TOKEN_OP_REQUEST
  * IP CUID MSN Outcome OP AppletVersion | token processor op request made
TOKEN_PIN_RESET
  - IP SubjectID CUID Outcome tokenType AppletVersion Info | token op pin reset failure
  + IP SubjectID CUID Outcome tokenType AppletVersion KeyVersion | token op pin reset success
TOKEN_STATE_CHANGE
  * SubjectID Outcome oldState oldReason newState newReason ParamNameValPairs Info | token state changed
ACCESS_SESSION_ESTABLISH_FAILURE -> ACCESS_SESSION_ESTABLISH
  - ClientIP ServerIP SubjectID Outcome? Info | access session establish failure
ACCESS_SESSION_ESTABLISH_SUCCESS -> ACCESS_SESSION_ESTABLISH
  + ClientIP ServerIP SubjectID Outcome? | access session establish success
AUTHZ_FAIL -> AUTHZ
  - SubjectID Outcome aclResource Op | authorization failure
  - SubjectID Outcome aclResource Op Info | authorization failure
AUTHZ_SUCCESS -> AUTHZ
  + SubjectID Outcome aclResource Op | authorization success
  + SubjectID Outcome aclResource Op Info | authorization success
AUTH_FAIL -> AUTH
  - SubjectID Outcome AuthMgr AttemptedCred | authentication failure
AUTH_SUCCESS -> AUTH
  + SubjectID Outcome AuthMgr | authentication success
CMC_USER_SIGNED_REQUEST_SIG_VERIFY_FAILURE -> CMC_USER_SIGNED_REQUEST_SIG_VERIFY
  - SubjectID Outcome ReqType CertSubject SignerInfo info | User signed CMC request signature verification failure
  - SubjectID Outcome ReqType CertSubject CMCSignerInfo info | User signed CMC request signature verification failure
CMC_USER_SIGNED_REQUEST_SIG_VERIFY_SUCCESS -> CMC_USER_SIGNED_REQUEST_SIG_VERIFY
  + SubjectID Outcome ReqType CertSubject SignerInfo | User signed CMC request signature verification success
COMPUTE_RANDOM_DATA_REQUEST_PROCESSED_FAILURE -> COMPUTE_RANDOM_DATA_REQUEST_PROCESSED = COMPUTE_RANDOM_DATA_REQUEST_PROCCESED_FAILURE
  - Outcome Status AgentID Error | TKS Compute random data request failed
COMPUTE_RANDOM_DATA_REQUEST_PROCESSED_SUCCESS -> COMPUTE_RANDOM_DATA_REQUEST_PROCESSED
  + Outcome Status AgentID | TKS Compute random data request processed successfully
COMPUTE_SESSION_KEY_REQUEST_PROCESSED_FAILURE -> COMPUTE_SESSION_KEY_REQUEST_PROCESSED
  - SubjectID Outcome status AgentID IsCryptoValidate IsServerSideKeygen SelectedToken KeyNickName Error | TKS Compute session key request failed
  - CUID_decoded KDD_decoded Outcome status AgentID IsCryptoValidate IsServerSideKeygen SelectedToken KeyNickName TKSKeyset KeyInfo_KeyVersion NistSP800_108KdfOnKeyVersion NistSP800_108KdfUseCuidAsKdd Error | TKS Compute session key request failed
COMPUTE_SESSION_KEY_REQUEST_PROCESSED_SUCCESS -> COMPUTE_SESSION_KEY_REQUEST_PROCESSED
  + SubjectID Outcome status AgentID IsCryptoValidate IsServerSideKeygen SelectedToken KeyNickName | TKS Compute session key request processed successfully
  + CUID_decoded KDD_decoded Outcome status AgentID IsCryptoValidate IsServerSideKeygen SelectedToken KeyNickName TKSKeyset KeyInfo_KeyVersion NistSP800_108KdfOnKeyVersion NistSP800_108KdfUseCuidAsKdd | TKS Compute session key request processed successfully
DIVERSIFY_KEY_REQUEST_PROCESSED_FAILURE -> DIVERSIFY_KEY_REQUEST_PROCESSED
  - SubjectID Outcome status AgentID oldMasterKeyName newMasterKeyName Error | TKS Key Change Over request failed
  - CUID_decoded KDD_decoded Outcome status AgentID oldMasterKeyName newMasterKeyName TKSKeyset OldKeyInfo_KeyVersion NewKeyInfo_KeyVersion NistSP800_108KdfOnKeyVersion NistSP800_108KdfUseCuidAsKdd Error | TKS Key Change Over request failed
DIVERSIFY_KEY_REQUEST_PROCESSED_SUCCESS -> DIVERSIFY_KEY_REQUEST_PROCESSED
  + SubjectID Outcome status AgentID oldMasterKeyName newMasterKeyName | TKS Key Change Over request processed successfully
  + CUID_decoded KDD_decoded Outcome status AgentID oldMasterKeyName newMasterKeyName TKSKeyset OldKeyInfo_KeyVersion NewKeyInfo_KeyVersion NistSP800_108KdfOnKeyVersion NistSP800_108KdfUseCuidAsKdd | TKS Key Change Over request processed successfully
ENCRYPT_DATA_REQUEST_PROCESSED_FAILURE -> ENCRYPT_DATA_REQUEST_PROCESSED
  - SubjectID Outcome status AgentID isRandom SelectedToken KeyNickName Error | TKS encrypt data request failed
  - CUID_decoded KDD_decoded Outcome status AgentID isRandom SelectedToken KeyNickName TKSKeyset KeyInfo_KeyVersion NistSP800_108KdfOnKeyVersion NistSP800_108KdfUseCuidAsKdd Error | TKS encrypt data request failed
ENCRYPT_DATA_REQUEST_PROCESSED_SUCCESS -> ENCRYPT_DATA_REQUEST_PROCESSED
  + SubjectID Outcome status AgentID isRandom SelectedToken KeyNickName | TKS encrypt data request processed successfully
  + CUID_decoded KDD_decoded Outcome status AgentID isRandom SelectedToken KeyNickName TKSKeyset KeyInfo_KeyVersion NistSP800_108KdfOnKeyVersion NistSP800_108KdfUseCuidAsKdd | TKS encrypt data request processed successfully
KEY_RECOVERY_REQUEST_ASYNC -> SECURITY_DATA_RECOVERY_REQUEST
  * SubjectID Outcome RequestID PubKey | asynchronous key recovery request made
KEY_RECOVERY_REQUEST_PROCESSED -> SECURITY_DATA_RECOVERY_REQUEST_PROCESSED
  * SubjectID Outcome RecoveryID RecoveryAgents | key recovery request processed
KEY_RECOVERY_REQUEST_PROCESSED_ASYNC -> SECURITY_DATA_RECOVERY_REQUEST_PROCESSED
  * SubjectID Outcome RequestID RecoveryAgents | asynchronous key recovery request processed
OCSP_REMOVE_CA_REQUEST_PROCESSED_FAILURE -> OCSP_REMOVE_CA_REQUEST_PROCESSED
  - SubjectID Outcome CASubjectDN | Remove CA for OCSP Responder has failed
OCSP_REMOVE_CA_REQUEST_PROCESSED_SUCCESS -> OCSP_REMOVE_CA_REQUEST_PROCESSED
  + SubjectID Outcome CASubjectDN | Remove CA for OCSP Responder is successful
PRIVATE_KEY_ARCHIVE_REQUEST -> SECURITY_DATA_ARCHIVAL_REQUEST
  * SubjectID Outcome ReqID ArchiveID | private key archive request
PRIVATE_KEY_ARCHIVE_REQUEST_PROCESSED -> SECURITY_DATA_ARCHIVAL_REQUEST_PROCESSED
  * SubjectID Outcome PubKey | private key archive request processed
PRIVATE_KEY_EXPORT_REQUEST_PROCESSED_FAILURE -> SECURITY_DATA_EXPORT_KEY
  - SubjectID Outcome EntityID PubKey | private key export request processed with failure
PRIVATE_KEY_EXPORT_REQUEST_PROCESSED_SUCCESS -> SECURITY_DATA_EXPORT_KEY
  + SubjectID Outcome EntityID PubKey | private key export request processed with success
SECURITY_DATA_RETRIEVE_KEY -> SECURITY_DATA_EXPORT_KEY
  * SubjectID Outcome RecoveryID KeyID FailureReason | security data retrieval request
  * SubjectID Outcome RecoveryID KeyID Info | security data retrieval request
SERVER_SIDE_KEYGEN_REQUEST_PROCESSED_FAILURE -> SERVER_SIDE_KEYGEN_REQUEST_PROCESSED
  - SubjectID Outcome EntityID | server-side key generation request processed with failure
SERVER_SIDE_KEYGEN_REQUEST_PROCESSED_SUCCESS -> SERVER_SIDE_KEYGEN_REQUEST_PROCESSED
  + SubjectID Outcome EntityID PubKey | server-side key generation request processed with success
TOKEN_APPLET_UPGRADE_FAILURE -> TOKEN_APPLET_UPGRADE
  - IP SubjectID CUID MSN Outcome KeyVersion oldAppletVersion newAppletVersion Info | token applet upgrade failure
TOKEN_APPLET_UPGRADE_SUCCESS -> TOKEN_APPLET_UPGRADE
  + IP SubjectID CUID MSN Outcome KeyVersion oldAppletVersion newAppletVersion Info | token applet upgrade success
TOKEN_AUTH_FAILURE -> TOKEN_AUTH
  - IP AttemptedID CUID MSN Outcome OP tokenType AppletVersion AuthMgr | token authentication failure
TOKEN_AUTH_SUCCESS -> TOKEN_AUTH
  + IP SubjectID CUID MSN Outcome OP tokenType AppletVersion AuthMgr | token authentication success
TOKEN_FORMAT_FAILURE -> TOKEN_FORMAT
  - IP SubjectID CUID MSN Outcome tokenType AppletVersion KeyVersion Info | token op format failure
TOKEN_FORMAT_REQUEST -> TOKEN_FORMAT
  * SubjectID CUID MSN Outcome tokenType AppletVersion KeyVersion | token format request made
TOKEN_FORMAT_SUCCESS -> TOKEN_FORMAT
  + IP SubjectID CUID MSN Outcome tokenType AppletVersion KeyVersion Info | token op format success
TOKEN_KEY_CHANGEOVER_FAILURE -> TOKEN_KEY_CHANGEOVER
  - IP SubjectID CUID MSN Outcome tokenType AppletVersion oldKeyVersion newKeyVersion Info | token key changeover failure
TOKEN_KEY_CHANGEOVER_SUCCESS -> TOKEN_KEY_CHANGEOVER
  + IP SubjectID CUID MSN Outcome tokenType AppletVersion oldKeyVersion newKeyVersion Info | token key changeover success
TOKEN_PIN_RESET_FAILURE -> TOKEN_PIN_RESET
  - IP SubjectID CUID Outcome AppletVersion KeyVersion | token op pin reset failure
TOKEN_PIN_RESET_REQUEST -> TOKEN_PIN_RESET
  * SubjectID CUID MSN Outcome tokenType AppletVersion KeyVersion | token pin reset request made
TOKEN_PIN_RESET_SUCCESS -> TOKEN_PIN_RESET
  + IP SubjectID CUID Outcome AppletVersion KeyVersion | token op pin reset success
ASYMKEY_GEN_REQUEST_PROCESSED -> ASYMKEY_GENERATION_REQUEST_PROCESSED
SYMKEY_GEN_REQUEST_PROCESSED -> SYMKEY_GENERATION_REQUEST_PROCESSED
LOGGING_SIGNED_AUDIT_SIGNING -> AUDIT_LOG_SIGNING
LOG_EXPIRATION_CHANGE
`;
