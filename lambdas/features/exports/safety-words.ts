import { deviceEventEntity } from '../device-events/device-event.ts';
import { geofenceEntity } from '../geofences/geofence.ts';
import { whereaboutsEntity } from '../positions/whereabouts.ts';
import { receiverEntity } from '../receivers/receiver.ts';
import { safetyDeviceEntity } from '../safety-devices/safety-device.ts';
import { type EntityWords, words } from './field-words-type.ts';
import { weeklyHours } from './shared-words.ts';

const at = { nb: 'Når', en: 'When' } as const;
const sequence = { nb: 'Enhetens løpenummer', en: 'Number on the device' } as const;
const deviceId = { nb: 'Enhet (id)', en: 'Device (id)' } as const;
const batteryPercent = { nb: 'Strøm igjen, i prosent', en: 'Power left, per cent' } as const;
const coordinates = {
  latitude: { nb: 'Breddegrad', en: 'Latitude' },
  longitude: { nb: 'Lengdegrad', en: 'Longitude' },
} as const;
const position = {
  nb: 'Posisjon',
  en: 'Position',
  fields: {
    ...coordinates,
    accuracyMetres: { nb: 'Nøyaktighet i meter', en: 'Accuracy in metres' },
    source: {
      nb: 'Målt med',
      en: 'Measured by',
      codes: {
        satellite: { nb: 'satellitter', en: 'satellites' },
        network: { nb: 'mobil- og trådløsnett', en: 'mobile and wireless networks' },
        beacon: { nb: 'sendere på stedet', en: 'beacons at the place' },
      },
    },
  },
} as const;

export const safetyWords: readonly EntityWords[] = [
  words(
    safetyDeviceEntity,
    { nb: 'Trygghetsenheter', en: 'Safety devices' },
    {
      id: { nb: 'Id', en: 'Id' },
      kind: {
        nb: 'Slags',
        en: 'Kind',
        codes: {
          pendant: { nb: 'smykke', en: 'pendant' },
          bracelet: { nb: 'armbånd', en: 'bracelet' },
          tracker: { nb: 'sporingsenhet', en: 'tracker' },
          'home-unit': { nb: 'enhet i hjemmet', en: 'unit in the home' },
          phone: { nb: 'telefon', en: 'phone' },
        },
      },
      label: { nb: 'Kalles', en: 'Called' },
      selfCheckMinutes: { nb: 'Melder seg minst hvert (minutter)', en: 'Reports at least every (minutes)' },
      registeredAt: { nb: 'Registrert', en: 'Registered' },
      registeredBy: { nb: 'Registrert av', en: 'Registered by' },
      keyGivenAt: { nb: 'I bruk siden', en: 'In service since' },
    },
  ),
  words(
    receiverEntity,
    { nb: 'Mottakere av alarmer og posisjoner', en: 'Receivers of alarms and positions' },
    {
      personId: { nb: 'Hvem (id)', en: 'Who (id)' },
      as: {
        nb: 'Som',
        en: 'As',
        codes: { carer: { nb: 'omsorgsperson', en: 'carer' }, relative: { nb: 'pårørende', en: 'relative' } },
      },
      rights: {
        nb: 'Får',
        en: 'Gets',
        codes: {
          alarms: { nb: 'alarmer', en: 'alarms' },
          positions: { nb: 'posisjoner', en: 'positions' },
          both: { nb: 'alarmer og posisjoner', en: 'alarms and positions' },
        },
      },
      hours: weeklyHours,
      channels: {
        nb: 'Måter',
        en: 'Ways',
        codes: {
          email: { nb: 'e-post', en: 'e-mail' },
          sms: { nb: 'SMS', en: 'SMS' },
          push: { nb: 'varsel på telefonen', en: 'push message' },
        },
      },
      place: { nb: 'Nummer i rekken', en: 'Place in the order' },
    },
  ),
  words(
    geofenceEntity,
    { nb: 'Områder som varsler', en: 'Areas that tell' },
    {
      id: { nb: 'Id', en: 'Id' },
      name: { nb: 'Navn', en: 'Name' },
      shape: {
        nb: 'Område',
        en: 'Area',
        fields: {
          type: {
            nb: 'Form',
            en: 'Shape',
            codes: { circle: { nb: 'sirkel', en: 'circle' }, polygon: { nb: 'mangekant', en: 'polygon' } },
          },
          centre: { nb: 'Midtpunkt', en: 'Centre', fields: coordinates },
          radiusMetres: { nb: 'Radius i meter', en: 'Radius in metres' },
          vertices: { nb: 'Hjørner', en: 'Corners', fields: coordinates },
        },
      },
      hours: weeklyHours,
      alarmOn: {
        nb: 'Varsler når noen',
        en: 'Tells when somebody',
        codes: {
          enter: { nb: 'kommer inn', en: 'comes in' },
          leave: { nb: 'går ut', en: 'goes out' },
          both: { nb: 'kommer inn eller går ut', en: 'comes in or goes out' },
        },
      },
      drawnAt: { nb: 'Tegnet', en: 'Drawn' },
      drawnBy: { nb: 'Tegnet av', en: 'Drawn by' },
    },
  ),
  words(
    deviceEventEntity,
    { nb: 'Det enhetene har sendt', en: 'What the devices have sent' },
    {
      id: { nb: 'Id', en: 'Id' },
      at,
      sequence,
      kind: {
        nb: 'Slags',
        en: 'Kind',
        codes: {
          position: { nb: 'posisjon', en: 'position' },
          alarm: { nb: 'alarm', en: 'alarm' },
          fall: { nb: 'fall', en: 'fall' },
          battery: { nb: 'strøm', en: 'battery' },
          'self-check': { nb: 'egenkontroll', en: 'self-check' },
          off: { nb: 'slått av', en: 'switched off' },
          on: { nb: 'slått på', en: 'switched on' },
        },
      },
      position,
      batteryPercent,
      deviceId,
      receivedAt: { nb: 'Tatt imot', en: 'Received' },
    },
  ),
  words(
    whereaboutsEntity,
    { nb: 'Sist kjente posisjon', en: 'Last known position' },
    {
      devices: {
        nb: 'Enheter',
        en: 'Devices',
        fields: {
          id: { nb: 'Id', en: 'Id' },
          at,
          sequence,
          batteryPercent,
          isLow: { nb: 'Lite strøm', en: 'Low on power' },
          isOff: { nb: 'Slått av', en: 'Switched off' },
        },
      },
      latest: {
        nb: 'Sist',
        en: 'Last',
        fields: { id: { nb: 'Id', en: 'Id' }, at, sequence, deviceId, position },
      },
      fences: {
        nb: 'Områder',
        en: 'Areas',
        fields: {
          id: { nb: 'Id', en: 'Id' },
          version: { nb: 'Versjon', en: 'Version' },
          side: {
            nb: 'Side',
            en: 'Side',
            codes: { inside: { nb: 'innenfor', en: 'inside' }, outside: { nb: 'utenfor', en: 'outside' } },
          },
          isArmed: { nb: 'Kan ennå varsle', en: 'May still tell' },
        },
      },
    },
  ),
];
