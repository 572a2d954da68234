/**
 * Every error this API can answer with, in one place (RFC 9457). The slug becomes the `type`, the address of a page
 * that says what happened and what the caller can do.
 */
interface ProblemDeclaration {
  readonly status: number;
  readonly title: string;
  /** What the caller can do about it. */
  readonly remedy: string;
}

export const problems = {
  'malformed-request': {
    status: 400,
    title: 'The request does not match its schema',
    remedy: 'Each entry of `errors` names a place (a JSON pointer) and what is wrong there. Mend it and send it again.',
  },
  'forbidden-content': {
    status: 400,
    title: 'The text holds a number that must not be stored',
    remedy: 'Card numbers and Norwegian identity numbers are refused in free text (CE-09). Remove the number.',
  },
  'idempotency-key-required': {
    status: 400,
    title: 'A creating request needs an Idempotency-Key',
    remedy: 'Send a header `Idempotency-Key` with a fresh random value, and the same value when you try again.',
  },
  'reason-required': {
    status: 400,
    title: 'Looking where somebody is needs a reason',
    remedy: 'Send one of the codes in `reason`. It is kept with the record of the look, for you and for them to read.',
  },
  'role-required': {
    status: 400,
    title: 'The request names no role',
    remedy: 'Send a header `Vern-Role` with one of your roles in this organisation; `GET /v1/me` lists them.',
  },
  'not-signed-in': {
    status: 401,
    title: 'A valid access token is required',
    remedy:
      'Sign in and send `Authorization: Bearer <access token>`. ID tokens, expired and revoked tokens are refused.',
  },
  'signature-required': {
    status: 401,
    title: 'A valid signature of the device is required',
    remedy:
      'Sign the request with the device’s own key (RFC 9421) as `Accept-Signature` says, not more than five minutes before it ' +
      'arrives. A device that was taken out of service is enrolled anew.',
  },
  'fresh-proof-required': {
    status: 401,
    title: 'A fresh proof of identity is required',
    remedy: 'Sign in again (not by a refresh) and repeat the request within five minutes.',
  },
  'not-allowed': {
    status: 403,
    title: 'Your role may not do this',
    remedy: 'Use another of your roles, or ask an administrator of the organisation.',
  },
  'role-session-required': {
    status: 403,
    title: 'This role must be opened first',
    remedy: 'Open it by `POST /v1/me/role-sessions`; it stays open for 30 minutes.',
  },
  'role-suspended': {
    status: 403,
    title: 'This role is suspended',
    remedy: 'Your second factor was reset by another organisation. An administrator of this one must confirm the role.',
  },
  'totp-required': {
    status: 403,
    title: 'This role needs a second factor',
    remedy: 'Turn on TOTP with any authenticator app (`POST /v1/me/totp`), sign in with it, and open the role again.',
  },
  'confidentiality-undertaking-required': {
    status: 403,
    title: 'This role needs an undertaking of confidentiality',
    remedy: 'Read and accept the undertaking: `POST /v1/me/confidentiality-undertakings`.',
  },
  'statement-not-acknowledged': {
    status: 403,
    title: 'The privacy statement has not been acknowledged',
    remedy: 'Read the statement that `GET /v1/me` names and acknowledge it.',
  },
  'dpa-not-accepted': {
    status: 403,
    title: 'The organisation has not accepted the data-processing agreement in force',
    remedy: "The organisation's representative accepts it; until then no personal data can be written (FW-01).",
  },
  'no-right-to-positions': {
    status: 403,
    title: 'You may not see where this person is, or not now',
    remedy: 'Receivers with the right to positions may, within their hours. Whoever runs the place decides who is one.',
  },
  'access-grant-required': {
    status: 403,
    title: 'Platform staff need a grant to see this organisation',
    remedy: 'Ask for a time-limited grant; the organisation sees it and can end it.',
  },
  'consent-not-yours': {
    status: 403,
    title: 'This consent is somebody else’s to give or withdraw',
    remedy: 'Guardians consent for a child below the age that the purpose names; from that age on the child does.',
  },
  'no-such-route': {
    status: 404,
    title: 'There is nothing at this address',
    remedy: 'See the API reference at `/docs`.',
  },
  'organisation-not-found': {
    status: 404,
    title: 'There is no such organisation, or you have no role there',
    remedy: 'Check the id, and that `Vern-Role` names one of your own roles in it.',
  },
  'person-not-found': {
    status: 404,
    title: 'There is no such person, or you may not see them',
    remedy: 'Check the id. A person outside your reach is answered as if there were none.',
  },
  'picture-not-found': {
    status: 404,
    title: 'There is no picture of this person',
    remedy: 'Put one, with the `version` that the answer names in `If-Match`.',
  },
  'group-not-found': {
    status: 404,
    title: 'There is no such group, or you may not see it',
    remedy: 'Check the id. A group outside your reach is answered as if there were none.',
  },
  'closure-not-found': {
    status: 404,
    title: 'There is no such closure that is not over',
    remedy: 'Check the id. What is over stays as it was.',
  },
  'safety-device-not-found': {
    status: 404,
    title: 'This person has no such safety device',
    remedy: 'Check the id. One that was taken out of service is gone.',
  },
  'enrolment-code-not-found': {
    status: 404,
    title: 'This code is not good, or not any more',
    remedy: 'Codes last a quarter of an hour and take one key. Staff can make another one for the device.',
  },
  'geofence-not-found': { status: 404, title: 'There is no such geofence', remedy: 'Check the id.' },
  'receiver-not-found': {
    status: 404,
    title: 'This person receives nothing for the recipient',
    remedy: 'Check the id; the list of receivers names those who do.',
  },
  'alarm-not-found': {
    status: 404,
    title: 'There is no such alarm, or you may not see it',
    remedy: 'Check the id. Relatives see alarms only as receivers who may be told of them.',
  },
  'alarm-taken': {
    status: 409,
    title: 'Somebody else has answered this alarm',
    remedy: 'There is one who answers: read the alarm to see who. It can still be resolved by anybody who may answer.',
  },
  'alarm-over': {
    status: 409,
    title: 'This alarm is resolved',
    remedy: 'Read the alarm to see who resolved it, and how. What happens anew raises an alarm of its own.',
  },
  'department-not-found': { status: 404, title: 'There is no such department', remedy: 'Check the id.' },
  'event-not-found': {
    status: 404,
    title: 'There is no such event, or you may not see it',
    remedy:
      'Check the id and, of an event that recurs, the day. An event outside your reach is answered as if there were none.',
  },
  'role-not-found': { status: 404, title: 'There is no such role', remedy: 'Check the id.' },
  'request-not-found': {
    status: 404,
    title: 'There is no such request, or you may not see it',
    remedy: 'Check the id. A request that is not yours to see is answered as if there were none.',
  },
  'legal-hold-not-found': { status: 404, title: 'There is no such legal hold in force', remedy: 'Check the id.' },
  'export-not-found': {
    status: 404,
    title: 'There is no such copy to be fetched',
    remedy: 'It may not be ready yet, or its seven days are over. Ask for a new one by a request for access.',
  },
  'file-not-found': {
    status: 404,
    title: 'There is no such file, or you may not see it',
    remedy: 'Check the id. What nothing has taken up within a day of its upload is gone.',
  },
  'document-not-found': {
    status: 404,
    title: 'There is no such document, or you may not see it',
    remedy: 'Check the id. A document that was withdrawn, or is still a draft, is seen by those who manage it alone.',
  },
  'customer-not-found': { status: 404, title: 'There is no such customer', remedy: 'Check the id.' },
  'ticket-not-found': {
    status: 404,
    title: 'There is no such ticket, or you may not see it',
    remedy: 'Check the id. What is not yours to see is answered as if there were none, and so is what was erased.',
  },
  'chat-not-found': {
    status: 404,
    title: 'There is no such chat',
    remedy: 'It was deleted, or its time is over. Begin a new one.',
  },
  'abuse-report-not-found': { status: 404, title: 'There is no such report', remedy: 'Check the id.' },
  'correction-not-found': { status: 404, title: 'There is no such correction', remedy: 'Check the id.' },
  'service-client-not-found': {
    status: 404,
    title: 'There is no such service client',
    remedy: 'Check the id. One that was ended is gone.',
  },
  'webhook-not-found': { status: 404, title: 'There is no such webhook', remedy: 'Check the id.' },
  'webhook-message-not-found': {
    status: 404,
    title: 'There is no such message of this webhook',
    remedy: 'Check the id. Messages are kept for 30 days.',
  },
  'cursor-too-old': {
    status: 410,
    title: 'What followed this cursor is kept no more',
    remedy: 'Changes are kept for a year. Read everything anew, and then begin the feed with `start=latest`.',
  },
  'address-refused': {
    status: 422,
    title: 'Messages are not sent to such an address',
    remedy: 'Give an `https` address by name, on port 443, that resolves to public addresses alone.',
  },
  'client-refused': {
    status: 401,
    title: 'The client or its secret is not right',
    remedy: 'Check both. An administrator can make a new secret; a client that was ended gets no tokens.',
  },
  'token-request-refused': {
    status: 400,
    title: 'This request for a token is not understood',
    remedy: '`error` says why (RFC 6749, section 5.2). Only `grant_type=client_credentials` is granted.',
  },
  'import-not-found': { status: 404, title: 'There is no such import', remedy: 'Check the id.' },
  'invitation-not-found': {
    status: 404,
    title: 'There is no such invitation',
    remedy: 'It may have been used, withdrawn or have expired. Ask the organisation for a new one.',
  },
  'access-grant-not-found': { status: 404, title: 'There is no such grant', remedy: 'Check the id.' },
  'account-not-found': { status: 404, title: 'There is no such account', remedy: 'Check the id.' },
  'link-not-found': {
    status: 404,
    title: 'This link does not work any more',
    remedy: 'It may have been used, replaced or have expired. Ask for a new one where you found it.',
  },
  'claim-code-refused': {
    status: 403,
    title: 'This code does not open the answer',
    remedy:
      'It may be wrong, used or too old. Each try counts. Ask for a new code on the page, or where you made the request.',
  },
  'thread-not-found': {
    status: 404,
    title: 'There is no such conversation',
    remedy: 'Check the id. A closed conversation is gone after 30 days.',
  },
  'message-not-found': {
    status: 404,
    title: 'There is no such message, or it was not for you',
    remedy: 'Read the conversation and use an id from there.',
  },
  'draft-not-found': { status: 404, title: 'There is no such draft of yours', remedy: 'It may have been sent.' },
  'announcement-not-found': {
    status: 404,
    title: 'There is no such notice, or it was not for you',
    remedy: 'Check the id. A notice can be read by those it was sent to, and by whoever may send such notices.',
  },
  'notices-not-found': {
    status: 404,
    title: 'Nothing was sent about that, or not by you',
    remedy: 'Check the id. Word of something long is sent little by little; it may not have begun yet.',
  },
  'undeliverable-address-not-found': {
    status: 404,
    title: 'No address of yours is stopped there',
    remedy: 'List your undeliverable addresses. Another address has lifted the stop, or you have.',
  },
  'nothing-to-fetch': {
    status: 404,
    title: 'There is nothing to fetch here now',
    remedy: 'It is not ready yet, or the time to fetch it is over. A mail tells when something is ready.',
  },
  'messages-must-reach': {
    status: 422,
    title: 'Messages could then reach you in no way',
    remedy:
      'Choose SMS or push for messages, with a number or a device that is registered, before turning off e-mail for them.',
  },
  'form-not-found': {
    status: 404,
    title: 'There is no such form',
    remedy: 'The organisation has not opened it, or has closed it.',
  },
  'enquiry-not-found': {
    status: 404,
    title: 'There is no such enquiry',
    remedy: 'Check the id. An enquiry is erased 30 days after it was closed, and after six months at the latest.',
  },
  'open-event-not-found': { status: 404, title: 'There is no such open event', remedy: 'Check the id.' },
  'sign-up-not-found': {
    status: 404,
    title: 'There is no such sign-up',
    remedy: 'Check the id. Whoever signed up may have cancelled.',
  },
  'subscription-not-found': {
    status: 404,
    title: 'There is no such subscription',
    remedy: 'Check the id. Whoever subscribed may have unsubscribed.',
  },
  'distribution-job-not-found': { status: 404, title: 'There is no such notice to many', remedy: 'Check the id.' },
  'survey-not-found': { status: 404, title: 'There is no such survey', remedy: 'Check the id.' },
  'device-not-found': {
    status: 404,
    title: 'There is no such device of yours',
    remedy: 'It may have been taken away, or be registered for another account now.',
  },
  'calendar-feed-not-found': {
    status: 404,
    title: 'There is no calendar at this address',
    remedy: 'It may have been taken back or have expired. Make a new address in Vern.',
  },
  'slot-offer-not-found': {
    status: 404,
    title: 'There are no such bookable times',
    remedy: 'Check the id. Times that are not offered to this child are answered as if there were none.',
  },
  'slot-booking-not-found': {
    status: 404,
    title: 'No time is booked for this child there',
    remedy: 'Book one of the free times.',
  },
  'stay-not-found': {
    status: 404,
    title: 'There is no such stay on this day',
    remedy: 'Read the attendance of the day and use an id from there.',
  },
  'photo-not-found': {
    status: 404,
    title: 'There is no such photo, or it is not yours to change',
    remedy: 'Check the id. Whoever added a photo and the leaders may change and remove it.',
  },
  'log-entry-not-found': {
    status: 404,
    title: 'There is no such entry in the child’s log on this day',
    remedy: 'Read the log of the day and use an id from there. It may have been removed.',
  },
  'sub-processor-change-not-found': {
    status: 404,
    title: 'No such change of sub-processors has been announced',
    remedy: '`GET /v1/sub-processors` names the changes to come, with their versions.',
  },
  'breach-not-found': { status: 404, title: 'There is no such breach', remedy: 'Check the id.' },
  'activity-record-not-found': {
    status: 404,
    title: 'There is no such record in the activity log',
    remedy: 'Check the id. Records are kept for a year.',
  },
  'disclosure-not-found': { status: 404, title: 'There is no such disclosure', remedy: 'Check the id.' },
  'consent-not-found': {
    status: 404,
    title: 'There is no such consent, or it is not yours to see',
    remedy: '`GET /v1/me/consents` lists those of yours and of the children that you are responsible for.',
  },
  'consent-purpose-not-found': {
    status: 404,
    title: 'There is no such purpose to consent to',
    remedy: 'It may have been retired, or not be asked of this person. `GET /v1/me/consents` lists those that are.',
  },
  'statement-not-found': {
    status: 404,
    title: 'There is no such version of the statement',
    remedy: 'Read the statement in force without a version; its `versions` name the earlier ones.',
  },
  'recovery-not-found': {
    status: 404,
    title: 'There is no such recovery of a second factor',
    remedy: 'It may have been used or have expired. Ask an administrator to begin again.',
  },
  'site-not-found': {
    status: 404,
    title: 'There is no such site',
    remedy: 'Check the id; a site goes six months after its works ended.',
  },
  'site-entry-not-found': { status: 404, title: 'There is no such entry in the site list', remedy: 'Check the id.' },
  'qualification-not-found': {
    status: 404,
    title: 'There is no such certificate or education',
    remedy: 'Check the id; it may have been removed.',
  },
  'time-entry-not-found': {
    status: 404,
    title: 'There are no such hours on this day',
    remedy: 'Read the day again; they may have been taken away.',
  },
  'timesheet-not-found': {
    status: 404,
    title: 'There is no such time sheet',
    remedy: 'Check the id; a time sheet is made when the hours of a period are approved.',
  },
  'not-a-service-recipient': {
    status: 409,
    title: 'Safety devices and receivers are for service recipients',
    remedy: 'The person is none, or the organisation is not one that gives people safety devices.',
  },
  'may-not-receive': {
    status: 409,
    title: 'This person cannot be a receiver for the recipient',
    remedy:
      'A carer has a role in force there as a leader or on the staff; a relative is linked to the recipient; and no block ' +
      'stands between them.',
  },
  'already-clocked-in': {
    status: 409,
    title: 'You are clocked in already',
    remedy: 'Stamp out first, or correct the hours.',
  },
  'not-clocked-in': { status: 409, title: 'You are not clocked in', remedy: 'Stamp in first, or enter the hours.' },
  'day-approved': {
    status: 409,
    title: 'The hours of this day are approved',
    remedy: 'Whoever approved them can reopen the time sheet, with a reason.',
  },
  'hours-refused': {
    status: 409,
    title: 'Nobody can have worked these hours',
    remedy: 'Hours lie in the past, do not overlap, and hold their breaks; `detail` says what is wrong.',
  },
  'hours-not-settled': {
    status: 409,
    title: 'Some hours of the period are not known yet',
    remedy:
      'Somebody is still at work or forgot to stamp out; correct those days first, or wait until the period is over.',
  },
  'position-not-used': {
    status: 409,
    title: 'A position is not used here, and not stored',
    remedy: 'Send the stamp without it. It is used only where the settings say so, and with a customer or on a site.',
  },
  'works-over': {
    status: 409,
    title: 'The works on this site are over',
    remedy: 'The list can be read for six months more; change the last day of the works if they go on.',
  },
  'already-on-site': {
    status: 409,
    title: 'This person is on the site already',
    remedy: 'Register that they left before they come again.',
  },
  'already-checked-in': {
    status: 409,
    title: 'The child is already checked in',
    remedy: 'Check the child out first. A child has one open stay at a time.',
  },
  'slot-taken': {
    status: 409,
    title: 'This time is taken, or was never offered',
    remedy: 'Read the free times again and choose another.',
  },
  'already-booked': {
    status: 409,
    title: 'A time is booked for this child already',
    remedy: 'Move or cancel the booked time: one for each child.',
  },
  'not-checked-in': { status: 409, title: 'The child is not checked in', remedy: 'Check the child in first.' },
  'may-not-be-shown': {
    status: 409,
    title: 'Somebody in the photo may not be shown',
    remedy:
      'Everybody in it needs a consent in force to pictures inside, and a child that a block keeps from somebody is in ' +
      'no photo. `personIds` names them.',
  },
  'already-asleep': {
    status: 409,
    title: 'The child sleeps already',
    remedy: 'End the sleep first. `personId` names the child.',
  },
  'names-another-child': {
    status: 409,
    title: 'The text names one of the children',
    remedy: 'It is kept about each of them, and no guardian may read of another’s child. Write it without names.',
  },
  'special-categories-not-agreed': {
    status: 409,
    title: 'The agreement names no special categories of data',
    remedy:
      'This profile holds no health data otherwise (CE-03, AT-12). An administrator agrees on the interest and the ' +
      'condition first: `PUT …/special-categories`.',
  },
  blocked: {
    status: 409,
    title: 'A block stands between these two persons',
    remedy: 'A block beats every link. Only the organisation can lift it.',
  },
  'already-linked': {
    status: 409,
    title: 'These two persons are already linked',
    remedy: 'Change the existing link instead.',
  },
  'email-taken': {
    status: 409,
    title: 'Another person of this organisation, or another account, has this e-mail address',
    remedy: 'Use that person or account, or another address.',
  },
  'picture-not-held': {
    status: 409,
    title: 'No picture is held of such a person here',
    remedy: 'Families’ pictures are held, and those of a kindergarten’s children and staff (FW-02, KP-04, KP-06).',
  },
  'file-not-checked': {
    status: 409,
    title: 'The file has not been checked, or was refused',
    remedy: 'Ask for its state until it is `checked`. A file that was refused says why; upload another one.',
  },
  'file-not-shown': {
    status: 409,
    title: 'This file is not shown in place',
    remedy: 'Only pictures and PDFs of at most 4 MB are. Ask for a download.',
  },
  'texts-changed': {
    status: 409,
    title: 'The decisions are not about the texts as they are now',
    remedy: 'Read them again and decide about each one by its digest.',
  },
  'statement-outdated': {
    status: 409,
    title: 'The privacy statement has another version now',
    remedy: 'Read the present statement and send its version.',
  },
  'undertaking-outdated': {
    status: 409,
    title: 'The undertaking has another version now',
    remedy: 'Read `GET /v1/me/confidentiality-undertaking` and send its version.',
  },
  'consent-required': {
    status: 409,
    title: 'An account needs consent under this profile',
    remedy: 'Consent is the legal basis here (SM-07): without it there is no account.',
  },
  'consent-purpose-outdated': {
    status: 409,
    title: 'The text to consent to has another version now',
    remedy: 'Read it again (`GET /v1/me/consents`) and send its `textVersion`.',
  },
  'consent-not-in-force': {
    status: 409,
    title: 'No consent in force covers this',
    remedy: 'The person (or their guardians) has to consent first: nothing beyond FW-02 is held without it.',
  },
  'name-taken': { status: 409, title: 'Another one already has this name', remedy: 'Choose another name.' },
  'too-many': {
    status: 409,
    title: 'A limit has been reached',
    remedy: 'The detail names the limit. Remove something first.',
  },
  'credit-too-large': {
    status: 409,
    title: 'More than is left of the invoice',
    remedy: 'Look at what has been credited already, and credit at most the rest of each line.',
  },
  'invoice-not-found': {
    status: 404,
    title: 'There is no such invoice',
    remedy: 'Check the id. An invoice that is kept no longer, and a draft that was put aside, are not found either.',
  },
  'no-price-list': {
    status: 409,
    title: 'No price list is in force for that month',
    remedy: 'Publish a price list that begins in that month or before it.',
  },
  'no-electronic-invoice': {
    status: 409,
    title: 'This invoice has no electronic form',
    remedy: 'Whoever has no organisation number has no address in Peppol: fetch the PDF.',
  },
  'wrong-state': {
    status: 409,
    title: 'This cannot be done in the present state',
    remedy: 'Read the resource; its state says what can be done next.',
  },
  'answers-closed': {
    status: 409,
    title: 'No answer is taken',
    remedy: 'Nobody was asked, the time to answer is over, or the event was cancelled. Write to the staff instead.',
  },
  'behind-cut-off': {
    status: 409,
    title: 'Guardians can change this day no more',
    remedy: '`day` names it and `nextOpenDay` the next one that can be changed. Ask the staff about the days before.',
  },
  'day-closed': {
    status: 409,
    title: 'The organisation is closed on that day',
    remedy: '`day` names it. Leave it out.',
  },
  'reservations-refused': {
    status: 409,
    title: 'The week could not be saved for each of the children',
    remedy: 'Nothing was saved. `refused` names each child with its problem: mend those, and send all again.',
  },
  'message-settled': {
    status: 409,
    title: 'The message can no longer be changed or taken back',
    remedy: 'That is possible for 15 minutes, and once a message is taken back, it stays so. Write another one.',
  },
  'not-in-the-log-yet': {
    status: 409,
    title: 'No signed checkpoint of the log holds this yet',
    remedy: 'Records are appended and signed every minute. Ask again in two minutes.',
  },
  'log-is-shorter': {
    status: 409,
    title: 'The log has never been that long',
    remedy:
      'A log only grows. If you have a signed checkpoint of that size, keep it: it proves that something was taken ' +
      'away. Tell the organisation, and Datatilsynet.',
  },
  'agreement-ended': {
    status: 409,
    title: "The organisation's agreement is not in force",
    remedy: 'Nothing can be changed before it starts or after it has ended.',
  },
  'second-person-required': {
    status: 409,
    title: 'Somebody else has to approve this',
    remedy:
      'An erasure, the confirmation of a medicine and the approval of hours take two persons: whoever registered, proposed, ' +
      'asked for or gave it does not approve it, nor does whoever worked the hours.',
  },
  'term-refused': {
    status: 409,
    title: 'Data cannot be kept for that long, or for so short a time',
    remedy: 'Each entry of `errors` says why. `GET …/retention` names the defaults and the statutes behind them.',
  },
  'last-administrator': {
    status: 409,
    title: 'An organisation needs an administrator',
    remedy: 'Make another person administrator first.',
  },
  'account-already-linked': {
    status: 409,
    title: 'This invitation has already been accepted',
    remedy: 'Sign in with the account that accepted it.',
  },
  'wrong-code': {
    status: 409,
    title: 'The code is wrong or has been used',
    remedy: 'Wait for the next code of the authenticator app, and check that its clock is right.',
  },
  'wrong-password': { status: 409, title: 'The password is not right', remedy: 'Type the present password again.' },
  'weak-password': {
    status: 409,
    title: 'The new password is too weak',
    remedy: 'At least 12 characters, with lower case, upper case and a digit.',
  },
  'answer-closed': {
    status: 410,
    title: 'The answer to this request is not there any more',
    remedy:
      'The request was carried out. Whom it was about has been erased or restricted since, and its answer with them.',
  },
  'stale-version': {
    status: 412,
    title: 'The resource changed since you read it',
    remedy: 'Read it again and send its new `ETag` in `If-Match`.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is larger than 256 KB',
    remedy: 'Send less at a time; registers and files go by upload key.',
  },
  'picture-too-large': {
    status: 413,
    title: 'The picture is larger than 150 KB or 4,096 pixels a side',
    remedy: 'Make it smaller before you send it.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body is not of a type that this address takes',
    remedy: 'Send `Content-Type: application/json` in UTF-8.',
  },
  'not-a-picture': {
    status: 422,
    title: 'The content is no picture of the declared type',
    remedy: 'Send one still picture, whole, as JPEG, PNG or WebP, and name that type.',
  },
  'distribution-state-refused': {
    status: 409,
    title: 'The notice to many cannot be changed so',
    remedy:
      'Read it again: a draft can be changed and started, what runs paused or cancelled, what is over nothing more.',
  },
  'recipient-without-address': {
    status: 409,
    title: 'The organisation knows no e-mail address of you',
    remedy: 'Have your address registered, and try again.',
  },
  'distribution-audience-refused': {
    status: 422,
    title: 'This kind of notice is not for these readers',
    remedy:
      'News go to the organisation or a part of it, a newsletter to its subscribers; a survey, and no other kind, names `surveyId`.',
  },
  'survey-day-refused': {
    status: 422,
    title: 'The survey cannot close on this day',
    remedy: 'Choose a day from today on, at most 60 days ahead.',
  },
  'survey-answers-refused': {
    status: 422,
    title: 'The answers do not fit the survey',
    remedy: 'Each choice has to be made, and no text may hold a number that must not be stored. Nothing was kept.',
  },
  'push-token-refused': {
    status: 422,
    title: 'No device can be reached by this token',
    remedy: 'Ask the device for a new token, and see that it is one of the platform that you name.',
  },
  'rule-refused': {
    status: 422,
    title: 'This is no rule by which the event can recur',
    remedy:
      'An RRULE of days (RFC 5545, section 3.3.10): FREQ from DAILY to YEARLY with INTERVAL, COUNT or UNTIL, BYDAY, ' +
      'BYMONTHDAY, BYMONTH, BYSETPOS, WKST. The event begins on a day that the rule falls on.',
  },
  'calendar-file-refused': {
    status: 422,
    title: 'The calendar cannot be taken in',
    remedy: 'Each entry of `refused` names an event by its place in the file, and why. Mend it and send it again.',
  },
  'portable-refused': {
    status: 422,
    title: 'The file cannot be taken in',
    remedy: 'Send `portable/portable.json` of a person’s copy, just as it was in the ZIP file.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'This Idempotency-Key was used for another request',
    remedy: 'Use a fresh key for each new request.',
  },
  'version-required': {
    status: 428,
    title: 'A change needs If-Match',
    remedy: 'Read the resource and send its `ETag` in `If-Match`.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    remedy: 'Wait as long as `Retry-After` says.',
  },
  'service-restoring': {
    status: 503,
    title: 'The service is being restored from a backup',
    remedy: 'Nothing was changed. Try again after `Retry-After` seconds.',
  },
  busy: {
    status: 503,
    title: 'Others are changing the same thing right now',
    remedy: 'Nothing was changed. Try again with the same Idempotency-Key after `Retry-After` seconds.',
  },
} as const satisfies Record<string, ProblemDeclaration>;

export type ProblemSlug = keyof typeof problems;

/** An expected failure. Its message is public: never put personal data or internals in it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly slug: ProblemSlug;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(slug: ProblemSlug, detail?: string, extensions: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(detail ?? problems[slug].title, options);
    this.slug = slug;
    this.extensions = extensions;
  }
}
