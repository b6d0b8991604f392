import type { CertificateDetails } from '../api/certificates.ts';
import { Section } from '../components/PageHead.tsx';
import css from '../security/security.module.css';

/** Where the certificate is installed, as the last inventories saw it. */
export function StoresSection({ certificate }: { readonly certificate: CertificateDetails }) {
  const { stores } = certificate;
  return (
    <Section title="Stores" note="Where it is installed, as far as inventories have seen it.">
      {stores.length === 0 ? (
        <p className={css.empty}>In none.</p>
      ) : (
        <ul className={css.lines} aria-label="Stores">
          {stores.map(({ id, name, alias }) => (
            <li key={`${id} ${alias}`}>
              {name}
              {alias !== '' && <code>{alias}</code>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
