import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useAdministered } from '../api/administration.ts';
import type { CertificateDetails } from '../api/certificates.ts';
import { useSession } from '../api/session.ts';
import { allowedPages } from '../shell/pages.ts';
import { chosenOf } from './chosen.ts';
import { DeleteCertificateDialog, DeleteKeyDialog } from './DeleteDialogs.tsx';
import { DownloadDialog, KeyDialog } from './DownloadDialogs.tsx';
import { OwnerDialog } from './OwnerDialog.tsx';
import { RenewDialog } from './RenewDialog.tsx';
import { ReleaseDialog, RevokeDialog } from './RevokeDialogs.tsx';

type Dialog = 'download' | 'key' | 'renew' | 'revoke' | 'release' | 'owner' | 'delete' | 'key-gone';

interface Renewal {
  readonly type: 'none' | 'seeded' | 'one-click';
  readonly message: string;
}

/** What whoever looks at a certificate may do with it, the daily things as buttons, the others in a menu. */
export function CertificateActions({ certificate }: { readonly certificate: CertificateDetails }) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const may = (right: string) => certificate.rights.includes(right);
  const { state, hasPrivateKey } = certificate;
  const more: [Dialog, string][] = [
    ...(may('change-owner') ? [['owner', 'Change owner…'] as [Dialog, string]] : []),
    ...(may('delete') && hasPrivateKey
      ? [['key-gone', 'Delete the private key…'] as [Dialog, string]]
      : []),
    ...(may('delete') ? [['delete', 'Delete…'] as [Dialog, string]] : []),
  ];
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setDialog('download')}>
        Download…
      </Button>
      {may('recover') && hasPrivateKey && (
        <Button variant="default" size="xs" onClick={() => setDialog('key')}>
          Download with key…
        </Button>
      )}
      <RenewButton certificate={certificate} onOpen={() => setDialog('renew')} />
      {may('revoke') && state === 'held' && (
        <Button variant="default" size="xs" onClick={() => setDialog('release')}>
          Release…
        </Button>
      )}
      {may('revoke') && state !== 'revoked' && (
        <Button variant="default" size="xs" onClick={() => setDialog('revoke')}>
          Revoke…
        </Button>
      )}
      {more.length > 0 && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" size="xs" rightSection={<IconChevronDown size={14} />}>
              More
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {more.map(([which, title]) => (
              <Menu.Item key={which} onClick={() => setDialog(which)}>
                {title}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {dialog === 'download' && <DownloadDialog certificate={certificate} onClose={close} />}
      {dialog === 'key' && <KeyDialog certificate={certificate} onClose={close} />}
      {dialog === 'renew' && <RenewDialog certificate={certificate} onClose={close} />}
      {dialog === 'revoke' && <RevokeDialog chosen={chosenOf([certificate])} onClose={close} />}
      {dialog === 'release' && <ReleaseDialog chosen={chosenOf([certificate])} onClose={close} />}
      {dialog === 'owner' && <OwnerDialog certificate={certificate} onClose={close} />}
      {dialog === 'delete' && <DeleteCertificateDialog certificate={certificate} onClose={close} />}
      {dialog === 'key-gone' && <DeleteKeyDialog certificate={certificate} onClose={close} />}
    </>
  );
}

interface RenewProps {
  readonly certificate: CertificateDetails;
  readonly onOpen: () => void;
}

/** Only for those who enroll; what way it goes is asked of the server. */
function RenewButton(props: RenewProps) {
  const session = useSession();
  const enrolls = allowedPages(session?.navigation ?? []).some(({ id }) => id === 'enroll');
  return enrolls ? <RenewIfPossible {...props} /> : null;
}

function RenewIfPossible({ certificate, onOpen }: RenewProps) {
  const { data } = useAdministered<Renewal>(`certificates/${certificate.id}/renewal`);
  return (
    <Button
      variant="default"
      size="xs"
      disabled={data === undefined || data.type === 'none'}
      title={data?.message}
      onClick={onOpen}
    >
      Renew…
    </Button>
  );
}
