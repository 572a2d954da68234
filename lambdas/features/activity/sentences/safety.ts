import type { EventSentences } from '../sentences.ts';

/** Safety devices, who receives what they send, geofences, and looks at positions. */
export const safetySentences = {
  'safety-device.registered': {
    nb: '{who} ga {whom} en trygghetsenhet.',
    en: '{who} gave {whom} a safety device.',
  },
  'safety-device.code-made': {
    nb: '{who} lagde en kode til en trygghetsenhet for {whom}.',
    en: '{who} made a code for a safety device of {whom}.',
  },
  'safety-device.enrolled': {
    nb: '{who} tok en trygghetsenhet for {whom} i bruk.',
    en: '{who} took a safety device of {whom} into service.',
  },
  'safety-device.key-changed': {
    nb: '{who} byttet nøkkelen til en trygghetsenhet for {whom}.',
    en: '{who} changed the key of a safety device of {whom}.',
  },
  'safety-device.changed': {
    nb: '{who} endret en trygghetsenhet for {whom}.',
    en: '{who} changed a safety device of {whom}.',
  },
  'safety-device.removed': {
    nb: '{who} tok en trygghetsenhet for {whom} ut av bruk.',
    en: '{who} took a safety device of {whom} out of service.',
  },
  'safety-device.heard': {
    nb: '{who} hørte fra en trygghetsenhet for {whom} uten å lagre hvor den var.',
    en: '{who} heard from a safety device of {whom} without storing where it was.',
  },
  'safety-devices.seen': {
    nb: '{who} så på trygghetsenhetene til {whom}.',
    en: '{who} looked at the safety devices of {whom}.',
  },
  'positions.seen': { nb: '{who} så på posisjonene til {whom}.', en: '{who} looked at the positions of {whom}.' },
  'position-look.made': {
    nb: '{who} så hvor noen er eller har vært.',
    en: '{who} looked where somebody is or has been.',
  },
  'receiver.added': {
    nb: '{who} lot noen motta alarmer eller posisjoner fra {whom}.',
    en: '{who} let somebody receive alarms or positions of {whom}.',
  },
  'receiver.changed': {
    nb: '{who} endret hva noen mottar fra {whom}, og når.',
    en: '{who} changed what somebody receives of {whom}, and when.',
  },
  'receiver.removed': {
    nb: '{who} tok bort en som mottok alarmer eller posisjoner fra {whom}.',
    en: '{who} took away somebody who received alarms or positions of {whom}.',
  },
  'receivers.seen': {
    nb: '{who} så hvem som mottar alarmer og posisjoner fra {whom}.',
    en: '{who} looked who receives alarms and positions of {whom}.',
  },
  'geofence.drawn': { nb: '{who} tegnet et område for {whom}.', en: '{who} drew an area for {whom}.' },
  'geofence.redrawn': { nb: '{who} tegnet et område for {whom} på nytt.', en: '{who} drew an area for {whom} anew.' },
  'geofence.removed': { nb: '{who} tok bort et område for {whom}.', en: '{who} removed an area for {whom}.' },
  'geofences.seen': { nb: '{who} så på områdene til {whom}.', en: '{who} looked at the areas of {whom}.' },
  'shared-geofence.drawn': { nb: '{who} tegnet et felles område.', en: '{who} drew an area for many.' },
  'shared-geofence.redrawn': {
    nb: '{who} tegnet et felles område på nytt.',
    en: '{who} drew an area for many anew.',
  },
  'shared-geofence.removed': { nb: '{who} tok bort et felles område.', en: '{who} removed an area for many.' },
} as const satisfies EventSentences;
