import { accessGrantEntity } from '../access/role.ts';
import { accountEntity, lastSignInEntity, signInEntity } from '../accounts/account.ts';
import { emailChangeEntity } from '../accounts/email-change.ts';
import { departmentEntity, groupEntity, organisationEntity } from '../organisations/organisation.ts';
import { type EntityWords, words } from './field-words-type.ts';
import { from, language, organisationId, until } from './shared-words.ts';

const openOrClosed = {
  nb: 'Tilstand',
  en: 'State',
  codes: { open: { nb: 'åpen', en: 'open' }, closed: { nb: 'stengt', en: 'closed' } },
} as const;

/** The words of an account, and of an organisation's own records. */
export const accountWords: readonly EntityWords[] = [
  words(
    accountEntity,
    { nb: 'Konto', en: 'Account' },
    {
      id: { nb: 'Id', en: 'Id' },
      sub: { nb: 'Id hos påloggingstjenesten (Amazon Cognito)', en: 'Id at the sign-in service (Amazon Cognito)' },
      firstName: { nb: 'Fornavn', en: 'First name' },
      lastName: { nb: 'Etternavn', en: 'Last name' },
      email: { nb: 'E-post', en: 'E-mail' },
      phone: { nb: 'Telefon', en: 'Phone' },
      language,
      settings: {
        nb: 'Innstillinger',
        en: 'Settings',
        fields: {
          styleSheet: {
            nb: 'Utseende',
            en: 'Appearance',
            codes: {
              system: { nb: 'som på enheten', en: 'as on the device' },
              light: { nb: 'lyst', en: 'light' },
              dark: { nb: 'mørkt', en: 'dark' },
              'high-contrast': { nb: 'høy kontrast', en: 'high contrast' },
            },
          },
          lastOrganisationId: { nb: 'Virksomheten du sist brukte (id)', en: 'Organisation last used (id)' },
          cachedVersion: { nb: 'Versjon som ligger på enheten', en: 'Version kept on the device' },
          noticesShown: { nb: 'Meldinger som er vist (koder)', en: 'Notices that have been shown (codes)' },
        },
      },
      createdAt: { nb: 'Opprettet', en: 'Created' },
      notBeforeEpochSeconds: {
        nb: 'Logget ut overalt før (sekunder siden 1970)',
        en: 'Signed out everywhere before (seconds since 1970)',
      },
      totpOnSince: { nb: 'Tofaktor på siden', en: 'Second factor on since' },
    },
  ),
  words(lastSignInEntity, { nb: 'Siste pålogging', en: 'Last sign-in' }, { at: { nb: 'Når', en: 'When' } }),
  words(
    signInEntity,
    { nb: 'Pålogginger', en: 'Sign-ins' },
    {
      at: { nb: 'Når', en: 'When' },
      network: { nb: 'Fra hvilket nett', en: 'From which network' },
      browser: { nb: 'Med hvilken nettleser', en: 'With which browser' },
    },
  ),
  words(
    emailChangeEntity,
    { nb: 'Ny e-postadresse som venter', en: 'New e-mail address that waits' },
    {
      email: { nb: 'Ny adresse', en: 'New address' },
      requestId: { nb: 'Forespørselens id', en: 'Id of the request' },
      askedAt: { nb: 'Når', en: 'When' },
    },
  ),
  words(
    organisationEntity,
    { nb: 'Virksomheten', en: 'The organisation' },
    {
      id: { nb: 'Id', en: 'Id' },
      name: { nb: 'Navn', en: 'Name' },
      profile: {
        nb: 'Profil',
        en: 'Profile',
        codes: {
          family: { nb: 'familie', en: 'family' },
          kindergarten: { nb: 'barnehage', en: 'kindergarten' },
          workplace: { nb: 'arbeidsplass', en: 'workplace' },
          safety: { nb: 'trygghet', en: 'safety' },
          itservice: { nb: 'IT-tjenester', en: 'IT services' },
        },
      },
      timeZone: { nb: 'Tidssone', en: 'Time zone' },
      language,
      state: openOrClosed,
      acceptedAgreementVersion: { nb: 'Godtatt databehandleravtale', en: 'Accepted data-processing agreement' },
      notArrivedAfterMinutes: { nb: 'Spør foresatte etter (minutter)', en: 'Guardians asked after (minutes)' },
      openingRoleNeedsFreshProof: { nb: 'Ny pålogging for å åpne rolle', en: 'Fresh sign-in to open a role' },
      servicePeriod: { nb: 'Avtalen gjelder', en: 'Agreement in force', fields: { from, until } },
    },
  ),
  words(
    departmentEntity,
    { nb: 'Avdelinger', en: 'Departments' },
    { id: { nb: 'Id', en: 'Id' }, name: { nb: 'Navn', en: 'Name' }, state: openOrClosed },
  ),
  words(
    groupEntity,
    { nb: 'Grupper', en: 'Groups' },
    {
      id: { nb: 'Id', en: 'Id' },
      name: { nb: 'Navn', en: 'Name' },
      departmentId: { nb: 'Avdeling (id)', en: 'Department (id)' },
      state: openOrClosed,
    },
  ),
  words(
    accessGrantEntity,
    { nb: 'Tillatelser til driftens ansatte', en: 'Grants to the operator’s staff' },
    {
      id: { nb: 'Id', en: 'Id' },
      organisationId,
      accountId: { nb: 'Konto (id)', en: 'Account (id)' },
      reason: { nb: 'Hvorfor', en: 'Why', freeText: true },
      from: { nb: 'Fra', en: 'From' },
      until: { nb: 'Til', en: 'Until' },
      endedAt: { nb: 'Avsluttet', en: 'Ended' },
    },
  ),
];
