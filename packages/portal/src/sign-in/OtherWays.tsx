import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { providerSignInUrl, readCertificateSession, signInOptionsQuery } from '../api/session.ts';
import css from './sign-in.module.css';

interface Props {
  /** The portal's page to go to afterwards. */
  readonly next: string;
  readonly onFailure: (error: unknown) => void;
}

/** The ways to sign in without a password that this server has at this address; nothing where there are none. */
export function OtherWays({ next, onFailure }: Props) {
  const client = useQueryClient();
  const options = useQuery(signInOptionsQuery);
  // The connection has shown the certificate already: only what it says is asked for.
  const certificate = useMutation({
    mutationFn: readCertificateSession,
    onSuccess: () => {
      client.clear();
      window.location.assign(next);
    },
    onError: onFailure,
  });
  const { oidc = null, certificate: takesCertificate = false } = options.data ?? {};
  if (oidc === null && !takesCertificate) return null;
  return (
    <div className={css.ways}>
      <div className={css.or}>or</div>
      {oidc !== null && (
        <Button variant="default" component="a" href={providerSignInUrl(next)}>
          Sign in with {oidc.name}
        </Button>
      )}
      {takesCertificate && (
        <Button
          variant="default"
          loading={certificate.isPending || certificate.isSuccess}
          onClick={() => certificate.mutate()}
        >
          Use a client certificate
        </Button>
      )}
    </div>
  );
}
