import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { PageHead } from '../components/PageHead.tsx';
import { Tabs } from '../components/Tabs.tsx';
import { useTitle } from '../lib/title.ts';
import { ContainerDialog } from './ContainerDialogs.tsx';
import { ContainersTab } from './ContainersTab.tsx';
import { CredentialsDialog } from './CredentialsDialog.tsx';
import { DiscoverDialog } from './DiscoverDialog.tsx';
import { MachinesTab } from './MachinesTab.tsx';
import { NewStoreDialog } from './NewStoreDialog.tsx';
import { StoresTab } from './StoresTab.tsx';
import { TypeDialog } from './TypeDialogs.tsx';
import { TypesTab } from './TypesTab.tsx';
import { useStoreRights } from './use-stores.ts';

const TABS = [
  { id: 'stores', title: 'Stores', create: 'Set up a store' },
  { id: 'containers', title: 'Containers', create: 'Create a container' },
  { id: 'types', title: 'Types', create: 'Create a type' },
  { id: 'machines', title: 'Machines', create: 'Add a machine' },
] as const;

/** Where certificates are installed, on this machine and on others. */
export function StoresPage() {
  useTitle('Stores');
  const search = useSearch({ from: '/shell/stores' });
  const navigate = useNavigate({ from: '/stores' });
  const tab = TABS.find(({ id }) => id === search.tab) ?? TABS[0];
  const [dialog, setDialog] = useState<'new' | 'discover' | null>(null);
  const may = useStoreRights();
  const close = () => setDialog(null);
  const creates = (id: (typeof TABS)[number]['id']) => dialog === 'new' && tab.id === id;
  return (
    <div className="page">
      <PageHead
        title="Stores"
        actions={
          <>
            {tab.id === 'stores' && may.schedule && (
              <Button variant="default" onClick={() => setDialog('discover')}>
                Discover…
              </Button>
            )}
            {may.modify && (
              <Button
                leftSection={<IconPlus size={16} stroke={1.8} />}
                onClick={() => setDialog('new')}
              >
                {tab.create}
              </Button>
            )}
          </>
        }
      >
        Files and folders in which servers find their certificates. What is added, removed and
        replaced there is scheduled here, done by this server and recorded.
      </PageHead>
      <Tabs
        label="Stores"
        tabs={TABS}
        tab={tab.id}
        onTab={(next) =>
          void navigate({ search: next === 'stores' ? {} : { tab: next }, replace: true })
        }
      >
        {tab.id === 'stores' && <StoresTab />}
        {tab.id === 'containers' && <ContainersTab />}
        {tab.id === 'types' && <TypesTab />}
        {tab.id === 'machines' && <MachinesTab />}
      </Tabs>
      {dialog === 'discover' && <DiscoverDialog onClose={close} />}
      {creates('stores') && <NewStoreDialog onClose={close} />}
      {creates('containers') && <ContainerDialog container={null} onClose={close} />}
      {creates('types') && <TypeDialog type={null} onClose={close} />}
      {creates('machines') && <CredentialsDialog known={null} onClose={close} />}
    </div>
  );
}
