import { list, paragraph, type Section, section } from './document.ts';
import {
  BACKUP_DAYS,
  BREACH_NOTICE_HOURS,
  operator,
  place,
  RETURN_CHOICE_DAYS,
  SUB_PROCESSOR_NOTICE_DAYS,
} from './operator.ts';

/** The clauses of the data-processing agreement (GDPR Art. 28(3)); the letters name the provision. */
export const clausesInEnglish: readonly Section[] = [
  section(
    '1. What the agreement covers',
    paragraph(
      'The organisation is the controller of the personal data that it registers in Vern. The supplier is its processor. The agreement applies from its acceptance by a representative of the organisation, for as long as the supplier processes data for the organisation. Before it is accepted, no personal data can be registered.',
    ),
    paragraph(
      'Purpose, type of data, data subjects and retention are set out in annex A. The supplier is itself the controller of user accounts and of the customer relationship; they are not part of this agreement.',
    ),
  ),
  section(
    '2. Instructions (Art. 28(3)(a))',
    paragraph(
      'The supplier processes the data only on documented instructions from the organisation. This agreement, the settings in Vern and what the organisation’s users do there are the instructions. That includes transfers to countries outside the EEA, which do not take place.',
    ),
    paragraph(
      'If the law requires something else of the supplier, the supplier says so first, unless the law forbids it. If the supplier thinks that an instruction infringes data-protection law, the supplier says so at once. The data is not used for purposes of the supplier’s own, and is never sold or exchanged.',
    ),
  ),
  section(
    '3. Confidentiality (Art. 28(3)(b))',
    paragraph(
      'Everyone who can be given access has undertaken confidentiality in writing before that access opens. The operator’s staff see no content without a time-limited grant that the organisation sees and can end. Confidentiality lasts beyond the end of the agreement.',
    ),
  ),
  section(
    '4. Security (Art. 28(3)(c) and Art. 32)',
    paragraph(
      'The supplier carries out the measures of annex B. They may be replaced by better ones, but security must not become weaker.',
    ),
  ),
  section(
    '5. Sub-processors (Art. 28(2), (3)(d) and (4))',
    paragraph(
      `The organisation authorises the sub-processors of annex C. The supplier gives notice at least ${SUB_PROCESSOR_NOTICE_DAYS} days before one is added or replaced. The organisation may object within that time. If the parties do not agree, the organisation may end the agreement at no cost before the change takes place.`,
    ),
    paragraph(
      'Sub-processors are bound by the same duties as in this agreement. The supplier answers for what they do as for its own acts.',
    ),
  ),
  section(
    '6. Rights of the data subjects (Art. 28(3)(e))',
    paragraph(
      'Vern gives the organisation the tools for access, rectification, erasure, restriction, objection and portability. A request that reaches the supplier from a data subject is passed on to the organisation without undue delay.',
    ),
  ),
  section(
    '7. Other assistance (Art. 28(3)(f))',
    paragraph(
      'The supplier assists the organisation with security, data-protection impact assessments (DPIA) and prior consultation of the supervisory authority, with what the supplier knows about the processing.',
    ),
  ),
  section(
    '8. Personal-data breaches (Art. 33(2))',
    paragraph(
      `The supplier notifies the organisation no later than ${BREACH_NOTICE_HOURS} hours after becoming aware of a breach. The organisation notifies Datatilsynet within 72 hours. The notification holds what is known, and the rest follows as soon as it is:`,
    ),
    list(
      'what happened, and the categories and approximate number of data subjects and records concerned',
      'who can be contacted',
      'the likely consequences',
      'what has been done, and what is proposed',
    ),
  ),
  section(
    '9. Where the data is',
    paragraph(
      `The data is stored and processed at ${place.en}. Nothing is transferred to countries outside the EEA. The keys never leave Ireland.`,
    ),
  ),
  section(
    '10. At the end of the agreement (Art. 28(3)(g))',
    paragraph(
      `The organisation chooses within ${RETURN_CHOICE_DAYS} days whether all data is returned in a machine-readable format or deleted. After return it is deleted as well. If the organisation does not choose, it is deleted. Backups are deleted within ${BACKUP_DAYS} days; because the keys are destroyed by the deletion, their contents are unreadable from that moment. Only what a law requires to be kept is kept, and only for as long as the law requires.`,
    ),
  ),
  section(
    '11. Audits (Art. 28(3)(h))',
    paragraph(
      'The supplier makes available what is needed to show that the duties are met, and allows audits by the organisation or an auditor that it chooses. Audits are announced in reasonable time and must not open the data of other organisations.',
    ),
  ),
  section(
    '12. Duties of the organisation',
    paragraph(
      'The organisation has a legal basis for what it registers, informs the data subjects, and gives access only to those who need it. Special categories of data are registered only where annex A says so.',
    ),
  ),
  section(
    '13. Changes',
    paragraph(
      'Each version of the agreement carries a date and a digest of its text. A new version applies once a representative of the organisation has accepted it. Who accepted, when and which version are kept.',
    ),
  ),
  section(
    '14. Data-protection officer and complaints',
    paragraph(
      `The supplier’s data-protection officer can be reached at ${operator.dataProtectionOfficer}. Only the officer reads that address. Anyone can complain to Datatilsynet, datatilsynet.no.`,
    ),
  ),
  section('15. Law', paragraph('The agreement is governed by Norwegian law. Legal venue is that of the organisation.')),
];
