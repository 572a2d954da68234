import type { EventSentences } from '../sentences.ts';

/** Persons, guardians, pictures, attendance and registers taken in. */
export const peopleSentences = {
  'person.created': { nb: '{who} registrerte {whom}.', en: '{who} registered {whom}.' },
  'person.changed': {
    nb: '{who} endret opplysningene om {whom}.',
    en: '{who} changed what is recorded about {whom}.',
  },
  'person.seen': { nb: '{who} så opplysningene om {whom}.', en: '{who} looked at what is recorded about {whom}.' },
  'person.invited': { nb: '{who} inviterte {whom}.', en: '{who} invited {whom}.' },
  'people.seen': { nb: '{who} så en liste over personer.', en: '{who} looked at a list of people.' },
  'views.seen': {
    nb: '{who} så hvem som har sett opplysningene om {whom}.',
    en: '{who} looked at who has seen what is recorded about {whom}.',
  },
  'picture.set': { nb: '{who} la inn et bilde av {whom}.', en: '{who} put in a picture of {whom}.' },
  'picture.removed': { nb: '{who} fjernet bildet av {whom}.', en: '{who} removed the picture of {whom}.' },
  'guardian.linked': { nb: '{who} knyttet en foresatt til {whom}.', en: '{who} linked a guardian to {whom}.' },
  'guardian.link-changed': {
    nb: '{who} endret rettighetene til en foresatt for {whom}.',
    en: '{who} changed the rights of a guardian of {whom}.',
  },
  'guardian.unlinked': {
    nb: '{who} tok bort en foresatt fra {whom}.',
    en: '{who} removed a guardian from {whom}.',
  },
  'block.set': {
    nb: '{who} sperret en annen person fra {whom}.',
    en: '{who} blocked another person from {whom}.',
  },
  'block.lifted': { nb: '{who} opphevet en sperre for {whom}.', en: '{who} lifted a block for {whom}.' },

  'attendance.seen': { nb: '{who} så oppmøtet til {whom}.', en: '{who} looked at the attendance of {whom}.' },
  'attendance.checked-in': { nb: '{who} registrerte at {whom} kom.', en: '{who} recorded the arrival of {whom}.' },
  'attendance.checked-out': { nb: '{who} registrerte at {whom} gikk.', en: '{who} recorded the departure of {whom}.' },
  'attendance.entered': {
    nb: '{who} førte inn oppmøte for {whom} i ettertid.',
    en: '{who} entered attendance for {whom} afterwards.',
  },
  'attendance.corrected': { nb: '{who} rettet oppmøtet for {whom}.', en: '{who} corrected the attendance of {whom}.' },
  'attendance.stay-closed': {
    nb: '{who} avsluttet et opphold for {whom} som ikke var registrert ut.',
    en: '{who} ended a stay of {whom} that nobody had checked out.',
  },
  'attendance.carried': {
    nb: '{who} tok inn dager med oppmøte som {whom} hadde med seg.',
    en: '{who} took in days of attendance that came along with {whom}.',
  },
  'attendance.carried-all': {
    nb: '{who} ble ferdig med å ta inn oppmøtet som {whom} hadde med seg.',
    en: '{who} finished taking in the attendance that came along with {whom}.',
  },
  'absence.reported': { nb: '{who} meldte fravær for {whom}.', en: '{who} reported {whom} absent.' },
  'absence.withdrawn': { nb: '{who} trakk tilbake fravær for {whom}.', en: '{who} withdrew an absence of {whom}.' },
  'arrival.expected': {
    nb: '{who} noterte når {whom} var ventet.',
    en: '{who} noted when {whom} was expected.',
  },
  'arrival.missed': {
    nb: '{who} meldte fra om at {whom} ikke var kommet.',
    en: '{who} gave notice that {whom} had not come.',
  },
  'arrival.day-over': {
    nb: '{who} sluttet å vente på {whom} den dagen.',
    en: '{who} stopped waiting for {whom} that day.',
  },
  'reservations.set': {
    nb: '{who} noterte når {whom} var ventet en uke.',
    en: '{who} noted when {whom} was expected in a week.',
  },
  'reservations.copied': {
    nb: '{who} kopierte tidene til {whom} fra én uke til en annen.',
    en: '{who} copied the times of {whom} from one week to another.',
  },
  'reservations.standing-week-set': {
    nb: '{who} noterte når {whom} vanligvis kommer.',
    en: '{who} noted when {whom} usually comes.',
  },
  'reservations.standing-week-dropped': {
    nb: '{who} sluttet å føre inn de vanlige tidene til {whom}.',
    en: '{who} stopped entering the usual times of {whom}.',
  },
  'reservations.entered': {
    nb: '{who} førte inn de vanlige tidene til {whom}.',
    en: '{who} entered the usual times of {whom}.',
  },
  'reservations.reminded': {
    nb: '{who} minnet om at tidene til {whom} manglet.',
    en: '{who} gave a reminder that the times of {whom} were missing.',
  },
  'absences.reported': {
    nb: '{who} meldte fravær for {whom} over flere dager.',
    en: '{who} reported {whom} absent over several days.',
  },
  'custody.set': {
    nb: '{who} noterte hvilket hjem {whom} er i når.',
    en: '{who} noted in which home {whom} is when.',
  },
  'custody.removed': {
    nb: '{who} fjernet hvilket hjem {whom} er i når.',
    en: '{who} removed in which home {whom} is when.',
  },
  'reservation-rules.changed': {
    nb: '{who} endret åpningsdager og frister.',
    en: '{who} changed open days and deadlines.',
  },
  'closure.added': { nb: '{who} la inn stengte eller spesielle dager.', en: '{who} added closed or special days.' },
  'closure.withdrawn': {
    nb: '{who} trakk tilbake stengte eller spesielle dager.',
    en: '{who} withdrew closed or special days.',
  },
  'reservations.reminders-sent': {
    nb: '{who} ble ferdig med påminnelsene før en frist.',
    en: '{who} finished the reminders before a deadline.',
  },
  'staffing.changed': {
    nb: '{who} endret planlagt bemanning i en gruppe.',
    en: '{who} changed the planned staff of a group.',
  },
  'group-list.seen': { nb: '{who} så listen over en gruppe.', en: '{who} looked at the list of a group.' },

  'import.seen': { nb: '{who} så et register som skal tas inn.', en: '{who} looked at a register to be taken in.' },
  'import.begun': { nb: '{who} begynte å ta inn et register.', en: '{who} began to take in a register.' },
  'import.read': { nb: '{who} leste registeret som skal tas inn.', en: '{who} read the register to be taken in.' },
  'import.rows-stored': {
    nb: '{who} lagret rader fra registeret som skal tas inn.',
    en: '{who} stored rows of the register to be taken in.',
  },
  'import.planned': {
    nb: '{who} la en plan for registeret som skal tas inn.',
    en: '{who} made a plan for the register to be taken in.',
  },
  'import.approved': {
    nb: '{who} godkjente at registeret tas inn.',
    en: '{who} approved the register that is taken in.',
  },
  'import.rejected': { nb: '{who} avviste et register.', en: '{who} rejected a register.' },
  'import.progressed': { nb: '{who} tok inn flere rader.', en: '{who} took in more rows.' },
  'import.resumed': {
    nb: '{who} fortsatte å ta inn et register.',
    en: '{who} went on taking in a register.',
  },
  'import.applied': { nb: '{who} tok inn hele registeret.', en: '{who} took in the whole register.' },
  'import.concluded': {
    nb: '{who} ble ferdig med et register som ble tatt inn.',
    en: '{who} finished with a register that was taken in.',
  },
  'import.failed': { nb: '{who} klarte ikke å ta inn et register.', en: '{who} could not take in a register.' },
  'import.given-up': {
    nb: '{who} ga opp å ta inn et register.',
    en: '{who} gave up taking in a register.',
  },
  'import.rows-emptied': {
    nb: '{who} slettet rader fra et register som er tatt inn.',
    en: '{who} deleted rows of a register that has been taken in.',
  },
  'import.ended': {
    nb: '{who} slettet det som var igjen av et register.',
    en: '{who} deleted what was left of a register.',
  },
} as const satisfies EventSentences;
