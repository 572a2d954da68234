import { alarmEntity } from '../alarms/alarm.ts';
import { alarmConfigurationEntity, personalAlarmConfigurationEntity } from '../alarms/configuration.ts';
import { type EntityWords, words } from './field-words-type.ts';
import { weeklyHours } from './shared-words.ts';

const kind = {
  nb: 'Slags',
  en: 'Kind',
  codes: {
    button: { nb: 'alarmknappen ble trykket', en: 'the alarm button was pressed' },
    fall: { nb: 'fall', en: 'fall' },
    'geofence-left': { nb: 'forlot et område', en: 'left an area' },
    'geofence-entered': { nb: 'kom inn i et område', en: 'came into an area' },
    'battery-low': { nb: 'lite strøm på enheten', en: 'device low on power' },
    'switched-off': { nb: 'enheten ble slått av', en: 'device switched off' },
    silent: { nb: 'enheten er stille', en: 'device silent' },
  },
} as const;
const channels = {
  nb: 'Måter',
  en: 'Ways',
  codes: {
    email: { nb: 'e-post', en: 'e-mail' },
    sms: { nb: 'SMS', en: 'SMS' },
    push: { nb: 'varsel på telefonen', en: 'push message' },
  },
} as const;
const at = { nb: 'Når', en: 'When' } as const;
const by = { nb: 'Av (id)', en: 'By (id)' } as const;
const answer = {
  at,
  by,
  how: {
    nb: 'Hvordan',
    en: 'How',
    codes: { 'signed-in': { nb: 'innlogget', en: 'signed in' }, link: { nb: 'lenke i e-post', en: 'link in a mail' } },
  },
} as const;
const addressee = { personId: { nb: 'Hvem (id)', en: 'Who (id)' }, channels } as const;
const steps = {
  nb: 'Trinn',
  en: 'Steps',
  fields: {
    to: {
      nb: 'Til',
      en: 'To',
      fields: {
        kind: {
          nb: 'Hvem',
          en: 'Who',
          codes: {
            receiver: { nb: 'en mottaker', en: 'one receiver' },
            'all-receivers': { nb: 'alle mottakere', en: 'all receivers' },
            persons: { nb: 'navngitte personer', en: 'named persons' },
            leaders: { nb: 'lederne', en: 'the heads' },
          },
        },
        place: { nb: 'Nummer i rekken', en: 'Place in the order' },
        personIds: { nb: 'Personer (id)', en: 'Persons (id)' },
      },
    },
    channels,
    waitMinutes: { nb: 'Minutter å vente på svar', en: 'Minutes to wait for an answer' },
    hours: weeklyHours,
  },
} as const;
const repeatMinutes = { nb: 'Minutter før alle varsles på nytt', en: 'Minutes before all are told again' } as const;
const chains = { nb: 'Rekker', en: 'Chains', fields: { kinds: kind, steps, repeatMinutes } } as const;

export const alarmWords: readonly EntityWords[] = [
  words(
    alarmEntity,
    { nb: 'Alarmer', en: 'Alarms' },
    {
      id: { nb: 'Id', en: 'Id' },
      recipientId: { nb: 'Gjelder (id)', en: 'About (id)' },
      kind,
      happenedAt: { nb: 'Hendte', en: 'Happened' },
      raisedAt: { nb: 'Tatt imot', en: 'Taken in' },
      deviceId: { nb: 'Enhet (id)', en: 'Device (id)' },
      geofenceId: { nb: 'Område (id)', en: 'Area (id)' },
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: {
          raised: { nb: 'tatt imot', en: 'taken in' },
          notified: { nb: 'noen er varslet', en: 'somebody has been told' },
          acknowledged: { nb: 'noen har tatt den', en: 'somebody has taken it' },
          resolved: { nb: 'avsluttet', en: 'resolved' },
        },
      },
      isJoinable: { nb: 'Tar med seg nye hendelser', en: 'Takes in new events' },
      chain: {
        nb: 'Varsles etter',
        en: 'Told by',
        fields: {
          steps,
          repeatMinutes,
          from: {
            nb: 'Bestemt for',
            en: 'Chosen for',
            fields: {
              of: {
                nb: 'Hvor',
                en: 'Where',
                codes: {
                  person: { nb: 'personen', en: 'the person' },
                  department: { nb: 'avdelingen', en: 'the department' },
                  organisation: { nb: 'virksomheten', en: 'the organisation' },
                  default: { nb: 'ingen har bestemt noe', en: 'nobody has chosen' },
                },
              },
              version: { nb: 'Versjon', en: 'Version' },
            },
          },
        },
      },
      round: { nb: 'Runde', en: 'Round' },
      nextStep: { nb: 'Neste trinn', en: 'Next step' },
      stepAt: { nb: 'Neste trinn kommer', en: 'Next step comes' },
      owed: {
        nb: 'Skal få vite',
        en: 'To be told',
        fields: {
          tiding: {
            nb: 'Hva',
            en: 'What',
            codes: {
              waits: { nb: 'at den venter', en: 'that it waits' },
              taken: { nb: 'at noen har tatt den', en: 'that somebody has taken it' },
              over: { nb: 'at den er avsluttet', en: 'that it is over' },
            },
          },
          since: { nb: 'Siden', en: 'Since' },
          to: { nb: 'Til', en: 'To', fields: addressee },
        },
      },
      alsoTell: { nb: 'Får også vite', en: 'Is told as well', fields: addressee },
      told: { nb: 'Har fått vite', en: 'Have been told', fields: addressee },
      acknowledged: { nb: 'Tatt', en: 'Taken', fields: answer },
      resolved: {
        nb: 'Avsluttet',
        en: 'Resolved',
        fields: {
          ...answer,
          outcome: {
            nb: 'Utfall',
            en: 'Outcome',
            codes: {
              helped: { nb: 'fikk hjelp', en: 'was helped' },
              'handed-on': { nb: 'overlatt til andre', en: 'handed on to others' },
              'false-alarm': { nb: 'falsk alarm', en: 'false alarm' },
              test: { nb: 'prøve', en: 'test' },
              'device-mended': { nb: 'enheten er i orden', en: 'device mended' },
            },
          },
        },
      },
      history: {
        nb: 'Hva som har skjedd',
        en: 'What has happened',
        fields: {
          at,
          what: {
            nb: 'Hva',
            en: 'What',
            codes: {
              raised: { nb: 'tatt imot', en: 'taken in' },
              'raised-again': { nb: 'tatt imot en gang til', en: 'taken in once more' },
              told: { nb: 'mottakere varslet', en: 'receivers told' },
              'nobody-to-tell': { nb: 'ingen å varsle', en: 'nobody to tell' },
              acknowledged: { nb: 'tatt', en: 'taken' },
              reset: { nb: 'ringer på nytt', en: 'rings anew' },
              resolved: { nb: 'avsluttet', en: 'resolved' },
            },
          },
          by,
          to: { nb: 'Til (id)', en: 'To (id)' },
          round: { nb: 'Runde', en: 'Round' },
          step: { nb: 'Trinn', en: 'Step' },
        },
      },
    },
  ),
  words(personalAlarmConfigurationEntity, { nb: 'Hvem som varsles', en: 'Who is told' }, { chains }),
  words(alarmConfigurationEntity, { nb: 'Hvem som varsles om alarmer', en: 'Who is told of alarms' }, { chains }),
];
