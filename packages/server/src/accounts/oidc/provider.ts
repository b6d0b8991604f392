import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  clockTolerance,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type ClientAuth,
  type CustomFetch,
  type ServerMetadata,
} from 'openid-client';
import type { OidcConfig } from '../../config/oidc.ts';
import type { Logger } from '../../logger.ts';
import type { OutgoingFetch } from '../../tls/outgoing.ts';
import type { Claims } from './claims.ts';
import { describeProviderFailure, ProviderUnusable } from './failure.ts';
import type { PendingSignIn } from './pending.ts';

/** Somebody whom the provider has signed in. */
export interface OidcIdentity {
  /** The provider's own name for itself, exactly as its tokens have it. */
  readonly issuer: string;
  /** The provider's name for him, unique and never given to another. */
  readonly subject: string;
  readonly claims: Claims;
  readonly idToken: string;
}

/** Algorithms of id tokens: signatures by a key of the provider's own. No `none`, and no `HS…`, whose key others have. */
const ALGORITHMS: ReadonlySet<string> = new Set(
  'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' '),
);
/** Clocks may differ by so many seconds. */
const CLOCK_SKEW_S = 60;
/** What the provider says of itself is asked for again after so many milliseconds. */
const FRESH_MS = 3_600_000;
/** A provider that could not be reached is left alone for so long. */
const RETRY_MS = 5_000;
/** Seconds that a request to the provider may take. */
const TIMEOUT_S = 15;

/**
 * The identity provider, an OpenID Connect provider whose description is asked for when it is first needed. The server
 * is its confidential client: authorization code with PKCE, state and nonce; tokens stay on the server.
 */
export class OidcProvider {
  readonly name: string;
  readonly issuer: string;
  readonly #config: OidcConfig;
  readonly #secret: string;
  readonly #fetch: CustomFetch;
  readonly #clock: () => Date;
  readonly #logger: Logger;
  #known: { readonly configuration: Configuration; readonly at: number } | null = null;
  #failed: { readonly error: unknown; readonly at: number } | null = null;
  #underWay: Promise<Configuration> | null = null;

  constructor(parts: {
    config: OidcConfig;
    secret: string;
    fetch: OutgoingFetch;
    clock: () => Date;
    logger: Logger;
  }) {
    this.#config = parts.config;
    this.#secret = parts.secret;
    this.#fetch = adaptFetch(parts.fetch);
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    this.name = parts.config.name;
    this.issuer = parts.config.issuer.href;
  }

  /** Where to send the browser. Throws what {@link describeProviderFailure} describes. */
  async authorizationUrl(
    { redirectUri, nonce, verifier }: Pick<PendingSignIn, 'redirectUri' | 'nonce' | 'verifier'>,
    state: string,
  ): Promise<URL> {
    return buildAuthorizationUrl(await this.#configuration(), {
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: this.#config.scopes,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
  }

  /** Makes sure that the provider can be spoken to. Throws the same. */
  async reach(): Promise<void> {
    await this.#configuration();
  }

  /**
   * Takes the browser's answer to the provider and returns whom it has signed in: the code is exchanged, the id token
   * and its signature verified, the userinfo endpoint asked where there is one. Throws the same.
   */
  async identify(
    answer: URLSearchParams,
    pending: PendingSignIn,
    state: string,
  ): Promise<OidcIdentity> {
    const configuration = await this.#configuration();
    const url = new URL(pending.redirectUri);
    url.search = answer.toString();
    const tokens = await authorizationCodeGrant(configuration, url, {
      expectedState: state,
      expectedNonce: pending.nonce,
      pkceCodeVerifier: pending.verifier,
      idTokenExpected: true,
    });
    const idToken = tokens.id_token;
    const verified = tokens.claims();
    if (idToken === undefined || verified === undefined)
      throw new ClientError('the provider has sent no id token');
    // The library looks at azp only where there are several audiences, and at iat not at all.
    if (verified['azp'] !== undefined && verified['azp'] !== this.#config.clientId)
      throw new ClientError('the id token was issued to another client ("azp")');
    if (verified.iat > this.#clock().getTime() / 1000 + CLOCK_SKEW_S)
      throw new ClientError('the id token was issued in the future ("iat")');
    const { userinfo_endpoint: userinfo } = configuration.serverMetadata();
    const further =
      userinfo === undefined
        ? {}
        : await fetchUserInfo(configuration, tokens.access_token, verified.sub);
    return {
      issuer: verified.iss,
      subject: verified.sub,
      claims: { ...further, ...verified },
      idToken,
    };
  }

  /** Where the browser ends the provider's own session, too; null where the provider has no such place or is away. */
  async signOutUrl(idToken: string | null, returnTo: string): Promise<string | null> {
    try {
      const configuration = await this.#configuration();
      if (!this.#isSafe(configuration.serverMetadata().end_session_endpoint)) return null;
      return buildEndSessionUrl(configuration, {
        post_logout_redirect_uri: returnTo,
        ...(idToken === null ? {} : { id_token_hint: idToken }),
      }).href;
    } catch (error) {
      const failure = describeProviderFailure(error);
      if (failure === null) throw error;
      this.#logger.warn('signed out here, but not at the provider', { reason: failure.reason });
      return null;
    }
  }

  /** The provider as it has described itself within the last hour, or, when it is away now, before. */
  async #configuration(): Promise<Configuration> {
    if (this.#known !== null && this.#isWithin(FRESH_MS, this.#known.at))
      return this.#known.configuration;
    if (this.#failed !== null && this.#isWithin(RETRY_MS, this.#failed.at)) {
      if (this.#known !== null) return this.#known.configuration;
      throw this.#failed.error;
    }
    this.#underWay ??= this.#discover().finally(() => (this.#underWay = null));
    try {
      const configuration = await this.#underWay;
      this.#known = { configuration, at: this.#clock().getTime() };
      this.#failed = null;
      return configuration;
    } catch (error) {
      this.#failed = { error, at: this.#clock().getTime() };
      if (this.#known === null) throw error;
      const reason = describeProviderFailure(error)?.reason ?? String(error);
      this.#logger.warn('the provider could not be asked anew', { reason });
      return this.#known.configuration;
    }
  }

  /** Whether a browser may be sent there: to https, or, from an issuer without TLS on this machine, to http. */
  #isSafe(address: string | undefined): boolean {
    const protocol = URL.parse(address ?? '')?.protocol;
    return (
      protocol === 'https:' || (protocol === 'http:' && protocol === this.#config.issuer.protocol)
    );
  }

  /** Whether that was less than so many milliseconds ago; a clock that was set back counts as more. */
  #isWithin(milliseconds: number, at: number): boolean {
    const age = this.#clock().getTime() - at;
    return age >= 0 && age < milliseconds;
  }

  /** Asks the provider to describe itself. Whatever is wrong with that makes it unusable, and nobody's sign-in wrong. */
  async #discover(): Promise<Configuration> {
    try {
      return await this.#describe();
    } catch (error) {
      const failure = describeProviderFailure(error);
      throw failure === null ? error : new ProviderUnusable(failure.reason);
    }
  }

  async #describe(): Promise<Configuration> {
    const { issuer, clientId } = this.#config;
    const plain = issuer.protocol === 'http:';
    const options = { [customFetch]: this.#fetch, timeout: TIMEOUT_S };
    const found = await discovery(issuer, clientId, undefined, undefined, {
      ...options,
      // Only an issuer on this machine may do without TLS; the configuration has seen to that.
      execute: plain ? [allowInsecureRequests] : [],
    });
    const metadata: ServerMetadata = { ...found.serverMetadata() };
    const offered = metadata.id_token_signing_alg_values_supported ?? ['RS256'];
    const algorithms = offered.filter((algorithm) => ALGORITHMS.has(algorithm));
    if (algorithms.length === 0)
      throw new ProviderUnusable('it signs id tokens by no algorithm that can be verified');
    if (!this.#isSafe(metadata.authorization_endpoint))
      throw new ProviderUnusable('it sends browsers to an address that is not https');
    const configuration = new Configuration(
      { ...metadata, id_token_signing_alg_values_supported: algorithms },
      clientId,
      { [clockTolerance]: CLOCK_SKEW_S },
      chooseAuthentication(metadata, this.#secret),
    );
    configuration[customFetch] = this.#fetch;
    configuration.timeout = TIMEOUT_S;
    // The signature is verified although TLS has brought the token (OpenID Connect Core section 3.1.3.7, 6).
    enableNonRepudiationChecks(configuration);
    if (plain) allowInsecureRequests(configuration);
    return configuration;
  }
}

/** How the client proves itself: in the header where the provider takes that, which is the default, else in the body. */
function chooseAuthentication(metadata: ServerMetadata, secret: string): ClientAuth {
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  if (methods.includes('client_secret_basic')) return ClientSecretBasic(secret);
  if (methods.includes('client_secret_post')) return ClientSecretPost(secret);
  throw new ProviderUnusable('it takes no client secret (client_secret_basic or _post)');
}

function adaptFetch(fetch: OutgoingFetch): CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    const sendable =
      body === undefined || body === null || typeof body === 'string' || ArrayBuffer.isView(body);
    if (!sendable && !(body instanceof URLSearchParams))
      throw new TypeError('a request to the provider has a body of an unexpected kind');
    return await fetch(url, {
      method,
      headers,
      body: body ?? null,
      ...(signal === undefined ? {} : { signal }),
    });
  };
}
