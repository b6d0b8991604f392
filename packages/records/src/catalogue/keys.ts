import { dogtag, line } from './define.ts';

const KEYS = { group: 'Keys', category: 'KeyManagement' } as const;

export const KEYS_EVENTS = [
  dogtag({
    ...KEYS,
    name: 'KEY_GEN_ASYMMETRIC',
    title: 'Key pair generated',
    description: 'A key pair for a system certificate; PubKey is its public half.',
    operation: 'Generated',
    attributes: 'SubjectID Outcome PubKey',
    extended: true,
    sentence: {
      Success: '{actor} generated a key pair',
      Failure: '{actor} could not generate a key pair',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'caadmin', Outcome: 'Success', PubKey: 'MIIB' },
        "'caadmin' generated a key pair",
      ),
    ],
  }),
  dogtag({
    ...KEYS,
    name: 'RANDOM_GENERATION',
    title: 'Random data generated',
    description: 'Random bytes were drawn; Info names the caller and the size.',
    operation: 'Generated',
    attributes: 'SubjectID Outcome Info FailureReason',
    variants: ['Success: SubjectID Outcome Info', 'Failure: SubjectID Outcome Info FailureReason'],
    sentence: {
      Success: 'Random data was generated for {actor}',
      Failure: 'Random data could not be generated for {actor}[: {FailureReason!}]',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'caagent', Outcome: 'Success', Info: 'Caller=PKCS10, Size=16' },
        "Random data was generated for 'caagent'",
      ),
    ],
  }),
];
