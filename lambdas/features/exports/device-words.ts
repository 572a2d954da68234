import { deviceEntity } from '../devices/device.ts';
import { undeliverableNumberEntity } from '../notices/channels/undeliverable-number.ts';
import { type EntityWords, words } from './field-words-type.ts';

export const deviceWords: readonly EntityWords[] = [
  words(
    deviceEntity,
    { nb: 'Enhet som varsles', en: 'Device that is told' },
    {
      id: { nb: 'Id', en: 'Id' },
      platform: {
        nb: 'Plattform',
        en: 'Platform',
        codes: { apple: { nb: 'Apple', en: 'Apple' }, google: { nb: 'Google', en: 'Google' } },
      },
      endpointArn: { nb: 'Adresse hos Amazon SNS', en: 'Address at Amazon SNS' },
      addedAt: { nb: 'Lagt til', en: 'Added' },
      seenAt: { nb: 'Sist sett', en: 'Last seen' },
    },
  ),
  words(
    undeliverableNumberEntity,
    { nb: 'Numre som ikke tar imot SMS', en: 'Numbers that take no SMS' },
    { number: { nb: 'Telefonnummer', en: 'Phone number' }, since: { nb: 'Siden', en: 'Since' } },
  ),
];
