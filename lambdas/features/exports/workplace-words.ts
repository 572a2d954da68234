import { qualificationEntity } from '../qualifications/qualification.ts';
import { siteEntity, siteEntryEntity } from '../sites/site.ts';
import { clockPositionEntity } from '../time-clock/clock-position.ts';
import { timeClockSettingsEntity } from '../time-clock/settings.ts';
import { workDayEntity } from '../time-clock/work-day.ts';
import { timesheetEntity } from '../timesheets/timesheet.ts';
import { workingTimeEntity } from '../working-time/arrangement.ts';
import { type EntityWords, words } from './field-words-type.ts';
import { weekdays } from './shared-words.ts';

const id = { nb: 'Id', en: 'Id' };
const from = { nb: 'Fra', en: 'From' };
const until = { nb: 'Til', en: 'Until' };
const day = { nb: 'Dag', en: 'Day' };
const minutes = { nb: 'Minutter', en: 'Minutes' };
const breakMinutes = { nb: 'Pauser, minutter', en: 'Breaks, minutes' };
const startedAt = { nb: 'Begynte', en: 'Began' };
const endedAt = { nb: 'Sluttet', en: 'Ended' };
const breaks = { nb: 'Pauser', en: 'Breaks', fields: { from, until } };
const customerId = { nb: 'Kunde (id)', en: 'Customer (id)' };
const position = {
  latitude: { nb: 'Breddegrad', en: 'Latitude' },
  longitude: { nb: 'Lengdegrad', en: 'Longitude' },
  accuracyMetres: { nb: 'Nøyaktighet, meter', en: 'Accuracy, metres' },
};
const company = {
  name: { nb: 'Navn', en: 'Name' },
  organisationNumber: { nb: 'Organisasjonsnummer', en: 'Organisation number' },
};
const hours = { startedAt, endedAt, breaks, customerId };

export const workplaceWords: readonly EntityWords[] = [
  words(
    workDayEntity,
    { nb: 'Timer på en dag', en: 'Hours of a day' },
    {
      day,
      entries: {
        nb: 'Stemplinger',
        en: 'Stamps',
        fields: {
          id,
          ...hours,
          isUnended: { nb: 'Ikke stemplet ut', en: 'Not clocked out' },
          device: {
            nb: 'Slik enheten sa det',
            en: 'As the device said it',
            fields: { startedAt, endedAt },
          },
        },
      },
      corrections: {
        nb: 'Rettelser',
        en: 'Corrections',
        fields: {
          at: { nb: 'Når', en: 'When' },
          by: { nb: 'Av', en: 'By' },
          reason: {
            nb: 'Hvorfor',
            en: 'Why',
            codes: {
              forgotten: { nb: 'glemt', en: 'forgotten' },
              'wrong-time': { nb: 'feil tid', en: 'wrong time' },
              'wrong-customer': { nb: 'feil kunde', en: 'wrong customer' },
              agreed: { nb: 'avtalt', en: 'agreed' },
            },
          },
          entryId: { nb: 'Stempling (id)', en: 'Stamp (id)' },
          before: { nb: 'Før', en: 'Before', fields: hours },
          after: { nb: 'Etter', en: 'After', fields: hours },
        },
      },
      approvedIn: { nb: 'Godkjent i timeliste (id)', en: 'Approved in time sheet (id)' },
      askedAt: { nb: 'Spurt om stemplingen mangler', en: 'Asked whether a stamp is missing' },
    },
  ),
  words(
    clockPositionEntity,
    { nb: 'Hvor det ble stemplet', en: 'Where a stamp was made' },
    {
      ...position,
      entryId: { nb: 'Stempling (id)', en: 'Stamp (id)' },
      stamp: { nb: 'Stempling', en: 'Stamp', codes: { in: { nb: 'inn', en: 'in' }, out: { nb: 'ut', en: 'out' } } },
      customerId,
      at: { nb: 'Når', en: 'When' },
    },
  ),
  words(
    timeClockSettingsEntity,
    { nb: 'Innstillinger for stempling', en: 'Settings of the time clock' },
    { takesPosition: { nb: 'Tar imot posisjon', en: 'Takes a position' } },
  ),
  words(
    timesheetEntity,
    { nb: 'Godkjent timeliste', en: 'Approved time sheet' },
    {
      id,
      personId: { nb: 'Ansatt', en: 'Employee' },
      period: { nb: 'Uke eller måned', en: 'Week or month' },
      from,
      to: until,
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: { approved: { nb: 'godkjent', en: 'approved' }, reopened: { nb: 'åpnet igjen', en: 'reopened' } },
      },
      days: {
        nb: 'Dager',
        en: 'Days',
        fields: {
          day,
          minutes,
          breakMinutes,
          customers: { nb: 'Etter kunde', en: 'By customer', fields: { customerId, minutes } },
        },
      },
      minutes,
      breakMinutes,
      overtimeMinutes: { nb: 'Overtid, minutter', en: 'Overtime, minutes' },
      agreedMinutes: { nb: 'Avtalt, minutter', en: 'Agreed, minutes' },
      history: {
        nb: 'Godkjenninger',
        en: 'Approvals',
        fields: {
          did: {
            nb: 'Hva',
            en: 'What',
            codes: { approved: { nb: 'godkjent', en: 'approved' }, reopened: { nb: 'åpnet igjen', en: 'reopened' } },
          },
          at: { nb: 'Når', en: 'When' },
          by: { nb: 'Av', en: 'By' },
          reason: {
            nb: 'Hvorfor',
            en: 'Why',
            codes: {
              'hours-missing': { nb: 'timer mangler', en: 'hours are missing' },
              'hours-wrong': { nb: 'timer er feil', en: 'hours are wrong' },
              'approved-by-mistake': { nb: 'godkjent ved en feil', en: 'approved by mistake' },
            },
          },
          minutes,
        },
      },
      dueAt: { nb: 'Slettes', en: 'Erased on' },
    },
  ),
  words(
    workingTimeEntity,
    { nb: 'Avtale om arbeidstid', en: 'Agreement on working time' },
    {
      employeeNumber: { nb: 'Ansattnummer', en: 'Employee number' },
      arrangements: {
        nb: 'Avtaler',
        en: 'Arrangements',
        fields: {
          from,
          percentage: { nb: 'Stillingsprosent', en: 'Percentage' },
          fullTimeMinutesPerWeek: { nb: 'Full stilling, minutter i uken', en: 'Full time, minutes a week' },
          workingDays: {
            nb: 'Arbeidsdager',
            en: 'Working days',
            codes: weekdays,
          },
        },
      },
    },
  ),
  words(
    qualificationEntity,
    { nb: 'Kurs, sertifikater og utdanning', en: 'Courses, certificates and education' },
    {
      id,
      kind: {
        nb: 'Slag',
        en: 'Kind',
        codes: {
          certificate: { nb: 'sertifikat', en: 'certificate' },
          licence: { nb: 'bevis', en: 'licence' },
          course: { nb: 'kurs', en: 'course' },
          education: { nb: 'utdanning', en: 'education' },
        },
      },
      title: { nb: 'Hva', en: 'What' },
      issuer: { nb: 'Utstedt av', en: 'Issued by' },
      issuedOn: { nb: 'Utstedt', en: 'Issued on' },
      expiresOn: { nb: 'Gjelder til og med', en: 'Holds until' },
      confirmedBy: { nb: 'Sett av', en: 'Seen by' },
      remindedDays: { nb: 'Minnet om, dager før', en: 'Reminded of, days before' },
      remindOn: { nb: 'Neste påminnelse', en: 'Next reminder' },
    },
  ),
  words(
    siteEntity,
    { nb: 'Byggeplass', en: 'Site' },
    {
      id,
      name: { nb: 'Navn', en: 'Name' },
      address: { nb: 'Adresse', en: 'Address' },
      client: { nb: 'Byggherre', en: 'Client' },
      employer: { nb: 'Arbeidsgiver', en: 'Employer', fields: company },
      worksFrom: { nb: 'Arbeidet begynner', en: 'Works begin' },
      worksUntil: { nb: 'Arbeidet slutter', en: 'Works end' },
      takesPosition: { nb: 'Tar imot posisjon', en: 'Takes a position' },
      codeHash: { nb: 'Kontrollsum av koden ved porten', en: 'Digest of the code at the gate' },
      codeMadeAt: { nb: 'Koden ble laget', en: 'The code was made' },
      dueAt: { nb: 'Slettes', en: 'Erased on' },
    },
  ),
  words(
    siteEntryEntity,
    { nb: 'På oversiktslisten for en byggeplass', en: 'On the list of a site' },
    {
      id,
      siteId: { nb: 'Byggeplass (id)', en: 'Site (id)' },
      day,
      firstName: { nb: 'Fornavn', en: 'First name' },
      lastName: { nb: 'Etternavn', en: 'Last name' },
      birthDate: { nb: 'Fødselsdato', en: 'Date of birth' },
      employer: { nb: 'Arbeidsgiver', en: 'Employer', fields: company },
      hseCardNumber: { nb: 'HMS-kort', en: 'HSE card' },
      inAt: { nb: 'Kom', en: 'Came' },
      outAt: { nb: 'Gikk', en: 'Left' },
      registeredBy: {
        nb: 'Registrert av',
        en: 'Registered by',
        codes: {
          staff: { nb: 'de som leder plassen', en: 'those who run the site' },
          code: { nb: 'koden ved porten', en: 'the code at the gate' },
          self: { nb: 'den ansatte selv', en: 'the employee' },
        },
      },
      personId: { nb: 'Ansatt', en: 'Employee' },
      position: { nb: 'Posisjon', en: 'Position', fields: position },
    },
  ),
];
